"""``python -m tests.simulation [--seeds 5]``: live the year in every variant and write docs/fairness.md."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import django


def main() -> None:
    """Run all variants of all seeds; nothing is read from or written to a database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--helpers", type=int, default=800)
    parser.add_argument("--requests", type=int, default=2_000)
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helfer.settings")
    os.environ.setdefault("HELFER_DEBUG", "true")
    django.setup()
    from tests.simulation.page import VARIANTS, page, picture, table
    from tests.simulation.world import Size, made
    from tests.simulation.year import Year, lived

    size = Size(asked.helpers, asked.requests)
    seeds = list(range(1, asked.seeds + 1))
    years: dict[str, list[Year]] = {variant: [] for variant in VARIANTS}
    for seed in seeds:
        world = made(seed, size)
        for variant, without in VARIANTS.items():
            years[variant].append(lived(world, without=without))
        print(f"seed {seed}: done", flush=True)
    docs = Path(__file__).parents[2] / "docs"
    (docs / "fairness.md").write_text(page(years, seeds, size), encoding="utf-8")
    (docs / "pictures" / "fairness.svg").write_text(picture(years), encoding="utf-8")
    for label, cells in table(years):
        print(f"{label:34}", *(f"{cell:>20}" for cell in cells))


if __name__ == "__main__":
    main()
