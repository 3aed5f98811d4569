"""``make bench``: measures everything in one run and writes docs/benchmarks.md."""

from __future__ import annotations

import argparse
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[2]
USUAL_SIZES = "10000 100000 1000000"
MEASUREMENTS = ("candidates", "page", "near", "upkeep", "city_runs", "imports", "public")


def main() -> None:
    options = _options()
    # Nothing secret lives here; a key that comes from outside is the installation's own matter.
    os.environ.setdefault("HELFER_SECRET_KEY", "only-for-measuring-" + "0" * 40)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helfer.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import translation

    from tests.bench import databases, floors
    from tests.bench.report import Report
    from tests.bench.run import Run, size_name

    began = time.monotonic()

    def say(sentence: str) -> None:
        print(f"{time.monotonic() - began:6.0f} s  {sentence}", file=sys.stderr, flush=True)

    names = {}
    for size in options.sizes:
        requests = options.requests or max(1_000, size // 100)
        say(f"{size_name(size)} helpers, {requests:,} requests …")
        names[size] = databases.prepare(
            helpers=size, requests=requests, seed=options.seed, postcodes=options.postcodes
        )
    wrappers = {size: databases.wrapper_for(name) for size, name in names.items()}
    for wrapper in wrappers.values():
        with databases.using(wrapper):
            floors.make_lean()
    if options.prepare:
        return
    # The pages are measured as they are served: with their collected files.
    call_command("collectstatic", interactive=False, verbosity=0)
    report = Report(options.seed, datetime.now(UTC), [])
    run = Run(wrappers, names, options.seed, report, say, options.effort)
    with translation.override("de"):
        _measure(run, options.only, options.output)
    print(report.table())


def _measure(run, only, output):  # type: ignore[no-untyped-def]
    from importlib import import_module

    from tests.bench.databases import describe, using

    for size, wrapper in run.wrappers.items():
        with using(wrapper):
            run.report.sizes.append(describe(size))
    for name in only:
        run.report.place = MEASUREMENTS.index(name)
        import_module(f"tests.bench.rows.{name}").measure(run)
        # What is there is not lost where a later measurement is cut off.
        if output:
            Path(output).write_text(run.report.markdown())
            run.say(f"{output} is written.")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--sizes", default=USUAL_SIZES, help="numbers of helpers, the largest is measured most"
    )
    parser.add_argument(
        "--requests", type=int, default=0, help="open requests; else a hundredth, at least 1,000"
    )
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--postcodes", default="", help="a file for load_postcodes; else made-up towns")
    parser.add_argument("--only", default=" ".join(MEASUREMENTS), help="some of: " + " ".join(MEASUREMENTS))
    parser.add_argument("--effort", type=float, default=1.0, help="share of the usual places and rounds")
    parser.add_argument("--output", default="docs/benchmarks.md", help="empty: only on the screen")
    parser.add_argument("--prepare", action="store_true", help="only fill the databases")
    options = parser.parse_args()
    options.sizes = sorted({int(size) for size in options.sizes.split()})
    options.only = options.only.split()
    if options.postcodes:
        options.postcodes = str(Path(options.postcodes).resolve())
    return options


if __name__ == "__main__":
    main()
