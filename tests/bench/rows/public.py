"""What everybody reads: the list of offers with its numbers, fresh and kept, here and everywhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse

from helfer.core.slots import HALF_DAYS, SLOTS
from helfer.matching.trios import TOGETHER
from helfer.web.public.offers_search import ONLY_HERE, Wanted, search_offers
from tests.bench.databases import prepared, using
from tests.bench.measuring import Series, Work, in_turns, shown
from tests.bench.report import Row
from tests.bench.run import Run, size_name

PLACES, ROUNDS = 12, 7


def measure(run: Run) -> None:
    """Fresh answers beside bare SQL, kept pages beside an empty one."""
    run.say("What everybody reads …")
    with (
        using(run.wrappers[run.largest]),
        override_settings(ROOT_URLCONF="tests.bench.urls", ALLOWED_HOSTS=["*"], SECURE_SSL_REDIRECT=False),
    ):
        offers = _publish_all()
        districts = _districts(run)
        cache.clear()
        section = run.report.section("What everybody reads")
        section.lines += [
            f"{offers:,} public offers, each standing for {TOGETHER} helpers: as if everybody had agreed to "
            "be listed. Fresh: what the first visitor of half a minute waits for; areas are kept. Against: "
            "the same numbers and the same ten offers by six prepared statements, without the program.",
            "",
        ]
        here = [Wanted(place=f"b{pk}", within=ONLY_HERE) for pk in districts]
        role = [Wanted(place=f"b{pk}", within=ONLY_HERE, role="besuch") for pk in districts]
        _compare(run, "offers of one district, fresh", here)
        _compare(run, "visits offered in one district, fresh", role)
        _compare(run, "all offers everywhere, fresh", [Wanted()])
        _pages(run, here[0])
        cache.clear()


def _publish_all() -> int:
    """Public offers made from all offers, once; how many there are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM matching_publicoffer)")
        if not cursor.fetchone()[0]:
            bits = {
                half: sum(1 << at for at, slot in enumerate(SLOTS) if slot.endswith(half))
                for half in HALF_DAYS
            }
            halves = ", ".join(
                f"CASE WHEN times & {mask} <> 0 THEN '{half}' END" for half, mask in bits.items()
            )
            cursor.execute(
                f"""
                INSERT INTO matching_publicoffer (public_id, role_id, district_id, quarter_id, half_days,
                                                  languages, model_ids, training_ids, names, published_on)
                SELECT gen_random_uuid(), role_id, district_id, NULL, halves, languages, models, '{{}}',
                       ARRAY['', '', ''], CURRENT_DATE
                  FROM (SELECT o.role_id, p.district_id, o.languages, o.models,
                               array_remove(ARRAY[{halves}], NULL) AS halves,
                               row_number() OVER (
                                   PARTITION BY o.role_id, p.district_id
                                   ORDER BY o.languages, o.models, o.times, o.helper_id) AS number
                          FROM matching_offer o JOIN people_person p ON p.id = o.person_id) each
                 WHERE number % {TOGETHER} = 0
                """
            )
            cursor.execute("ANALYZE matching_publicoffer")
        cursor.execute("SELECT count(*) FROM matching_publicoffer")
        return int(cursor.fetchone()[0])


def _districts(run: Run) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT district_id FROM matching_publicoffer WHERE district_id IS NOT NULL GROUP BY 1 ORDER BY 1"
        )
        known = [pk for (pk,) in cursor.fetchall()]
    return run.rng("districts").sample(known, min(len(known), run.times(PLACES, 4)))


def _bare(wanted: Wanted) -> Callable[[], object]:
    """The same answers in plain SQL, prepared."""
    said: dict[str, Any] = {"district": int(wanted.place[1:]) if wanted.place else None, "role": wanted.role}
    there = "district_id = %(district)s" if wanted.place else "TRUE"
    of_role = "role_id = (SELECT id FROM catalogue_role WHERE slug = %(role)s)" if wanted.role else "TRUE"
    in_use = "role_id IN (SELECT id FROM catalogue_role WHERE is_active)"
    table = "FROM matching_publicoffer"
    statements = (
        f"SELECT district_id, quarter_id, count(*) {table} WHERE {of_role} AND {in_use} GROUP BY 1, 2",
        f"SELECT role_id, count(*) {table} WHERE {there} AND {in_use} GROUP BY 1",
        f"SELECT unnest(languages), count(*) {table} WHERE {there} AND {of_role} AND {in_use} GROUP BY 1",
        f"SELECT unnest(half_days), count(*) {table} WHERE {there} AND {of_role} AND {in_use} GROUP BY 1",
        f"SELECT unnest(model_ids), count(*) {table} WHERE {there} AND {of_role} AND {in_use} GROUP BY 1",
        f"SELECT * {table} WHERE {there} AND {of_role} AND {in_use} ORDER BY public_id LIMIT 10",
    )
    return lambda: [prepared(sql, said) for sql in statements]


def _compare(run: Run, name: str, asked: Sequence[Wanted]) -> None:
    ours, bare = Series(), Series()
    for wanted in asked:
        works: dict[str, Work] = {"ours": partial(search_offers, wanted), "bare": _bare(wanted)}
        times = in_turns(works, rounds=run.times(ROUNDS, 3), rng=run.rng(f"{name} {wanted}"))
        ours.values += times["ours"]
        bare.values += times["bare"]
    ratio = ours.median / bare.median
    run.report.rows.append(
        Row(
            f"{name}, {size_name(run.largest)} helpers",
            str(ours),
            "six bare statements, prepared",
            str(bare),
            f"{ratio:.2f} ×",
            "1.5",
            ratio <= 1.5,
        )
    )


def _pages(run: Run, wanted: Wanted) -> None:
    guest = Client()
    addresses = {
        "offers": f"{reverse('public:offers')}?ort={wanted.place}&umkreis={ONLY_HERE}",
        "wanted": reverse("public:wanted"),
        "empty": "/ganz-leer/",
    }
    works: dict[str, Work] = {name: partial(_get, guest, address) for name, address in addresses.items()}
    times = in_turns(works, rounds=run.times(30, 5), rng=run.rng("public pages"))
    empty = Series(times["empty"])
    for name, title in (("offers", "the page of offers, kept"), ("wanted", "the page of what is sought")):
        page = Series(times[name])
        run.report.rows.append(
            Row(
                f"{title} (HTML, a guest), {size_name(run.largest)} helpers",
                str(page),
                "an empty view",
                str(empty),
                f"{page.median / empty.median:.1f} ×, + {shown(page.median - empty.median)}",
                "report",
                None,
            )
        )


def _get(client: Client, address: str) -> None:
    answer = client.get(address)
    if answer.status_code != 200:
        raise AssertionError(f"{address} answers {answer.status_code}")
