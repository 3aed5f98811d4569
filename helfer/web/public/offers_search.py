"""Which public offers answer a question: how many, where, and the ten of this page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.cache import cache
from django.db.models import Case, Count, F, Func, IntegerField, Q, QuerySet, Sum, TextField, Value, When

from helfer.catalogue.models import CompensationModel, Role
from helfer.matching.models import PublicOffer, PublicTally
from helfer.matching.trios import TOGETHER
from helfer.web.public.areas import ANYWHERE, FRESH_SECONDS, Area, Where, all_areas, area_named

PAGE_SIZE = 10
# What is said, and which value of it; None: each.
Said = tuple[PublicTally.About, str | None]
# The number of rows, where they are counted; the sum of the numbers, where these are kept.
COUNTED: Any = Count("pk")
KEPT: Any = Sum("number")
OFFERED: Said = (PublicTally.About.OFFERED, "")
COLUMNS = {
    PublicTally.About.LANGUAGE: "languages",
    PublicTally.About.HALF_DAY: "half_days",
    PublicTally.About.MODEL: "model_ids",
}
ONLY_HERE = "hier"
# Kilometres between the inner points.
RADII = ("2", "5")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a visitor asks for; everything stands in the address, so that it can be shared."""

    place: str = ""
    within: str = ""
    role: str = ""
    language: str = ""
    half_day: str = ""
    model: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """The answer: helpers by area and by what else could be chosen, and this page's offers."""

    total: int
    by_area: Mapping[Where, int]
    by_role: Mapping[str, int]
    by_language: Mapping[str, int]
    by_half_day: Mapping[str, int]
    by_model: Mapping[int, int]
    offers: list[PublicOffer]
    page: int
    pages: int
    origin: Area | None
    distances: Mapping[Where, int] = field(default_factory=dict)


def find_offers(wanted: Wanted, *, page: int = 1, size: int = PAGE_SIZE) -> Found:
    """The answer, at most half a minute old."""
    key = f"public:offers:{wanted!r}:{page}:{size}".replace(" ", "")
    known: Found | None = cache.get(key)
    if known is None:
        known = search_offers(wanted, page=page, size=size)
        cache.set(key, known, FRESH_SECONDS)
    return known


def search_offers(wanted: Wanted, *, page: int = 1, size: int = PAGE_SIZE) -> Found:
    """The answer of this moment."""
    return _Search(wanted).found(page=page, size=size)


class _Search:
    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self.areas = all_areas()
        self.origin = area_named(wanted.place) if wanted.place else None
        self.distances = (
            {where: area.distance_m(self.origin) for where, area in self.areas.items()} if self.origin else {}
        )

    def found(self, *, page: int, size: int) -> Found:
        by_area = self._by_area()
        near = {where: number for where, number in by_area.items() if self._is_near(where)}
        total = sum(near.values())
        pages = max(1, -(-total // size))
        page = min(max(page, 1), pages)
        wanted = self.wanted
        models = dict(CompensationModel.objects.values_list("slug", "pk"))
        return Found(
            total=TOGETHER * total,
            by_area={where: TOGETHER * number for where, number in by_area.items()},
            by_role=self._facet(replace(wanted, role=""), PublicTally.About.OFFERED, models),
            by_language=self._facet(replace(wanted, language=""), PublicTally.About.LANGUAGE, models),
            by_half_day=self._facet(replace(wanted, half_day=""), PublicTally.About.HALF_DAY, models),
            by_model={
                int(model): number
                for model, number in self._facet(
                    replace(wanted, model=""), PublicTally.About.MODEL, models
                ).items()
            },
            offers=self._page(near, (page - 1) * size, size, models),
            page=page,
            pages=pages,
            origin=self.origin,
            distances=self.distances,
        )

    def _rows(self, wanted: Wanted, models: Mapping[str, int]) -> Any:
        rows = PublicOffer.objects.in_use()
        if wanted.role:
            rows = rows.of_role(wanted.role)
        if wanted.language:
            rows = rows.speaking(wanted.language)
        if wanted.half_day:
            rows = rows.at(wanted.half_day)
        if wanted.model:
            rows = rows.accepting(models.get(wanted.model, 0))
        return rows

    def _by_area(self) -> dict[Where, int]:
        models = dict(CompensationModel.objects.filter(slug=self.wanted.model).values_list("slug", "pk"))
        said = self._said(self.wanted, models)
        rows, number = (
            (self._rows(self.wanted, models), COUNTED)
            if len(said) > 1
            else (self._tallies(self.wanted, (said or [OFFERED])[0]), KEPT)
        )
        counted = rows.order_by().values_list("district_id", "quarter_id").annotate(many=number)
        return {(district, quarter): many for district, quarter, many in counted if many}

    def _said(self, wanted: Wanted, models: Mapping[str, int]) -> list[Said]:
        """What the offers must say beside role and place. Of one such thing the numbers are kept."""
        every = (
            (PublicTally.About.LANGUAGE, wanted.language),
            (PublicTally.About.HALF_DAY, wanted.half_day),
            (PublicTally.About.MODEL, str(models.get(wanted.model, 0)) if wanted.model else ""),
        )
        return [(about, value) for about, value in every if value]

    def _tallies(self, wanted: Wanted, said: Said) -> QuerySet[Any]:
        about, value = said
        rows = PublicTally.objects.filter(about=about, role__is_active=True)
        if value is not None:
            rows = rows.filter(value=value)
        return rows.filter(role__slug=wanted.role) if wanted.role else rows

    def _is_near(self, where: Where) -> bool:
        if self.origin is None or not self.wanted.within:
            return True
        if self.wanted.within == ONLY_HERE:
            district, quarter = self.origin.where
            return where[0] == district and (quarter is None or where[1] == quarter)
        return where in self.distances and self.distances[where] <= 1000 * int(self.wanted.within)

    def _in_reach(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        if self.origin is None or not self.wanted.within:
            return rows
        near = [where for where in self.areas if self._is_near(where)]
        quarters = [quarter for _district, quarter in near if quarter is not None]
        districts = [district for district, quarter in near if quarter is None]
        return rows.filter(Q(quarter__in=quarters) | Q(quarter=None, district__in=districts))

    def _facet(self, wanted: Wanted, about: PublicTally.About, models: Mapping[str, int]) -> dict[str, int]:
        """How many there are of each role, or of each thing said; ``wanted`` leaves this choice open."""
        said = self._said(wanted, models)
        of_roles = about == PublicTally.About.OFFERED
        what: Any = F("role__slug")
        if len(said) > of_roles:
            rows, number = self._rows(wanted, models), COUNTED
            if not of_roles:
                what = _each(COLUMNS[about])
        elif of_roles:
            rows, number = self._tallies(wanted, (said or [OFFERED])[0]), KEPT
        else:
            rows, number, what = self._tallies(wanted, (about, None)), KEPT, F("value")
        counted = self._in_reach(rows).order_by().annotate(what=what).values_list("what")
        return {what: TOGETHER * many for what, many in counted.annotate(many=number) if many}

    def _rank(self, where: Where) -> tuple[int, int, int]:
        # The nearest first; by name where nobody said from where; anywhere in the city comes last.
        if where not in self.areas:
            return (1, 0, 0)
        place = list(self.areas).index(where)
        return (0, self.distances.get(where, 0), place)

    def _page(
        self, near: Mapping[Where, int], start: int, size: int, models: Mapping[str, int]
    ) -> list[PublicOffer]:
        """Only the areas of this page are read, however many there are."""
        chosen: list[Where] = []
        before = skipped = 0
        for where in sorted(near, key=self._rank):
            if before + near[where] > start and before < start + size:
                if not chosen:
                    skipped = start - before
                chosen.append(where)
            before += near[where]
        if not chosen:
            return []
        rows: QuerySet[PublicOffer] = self._rows(self.wanted, models)
        there = Q()
        for where in chosen:
            there |= _is(where)
        rank = Case(
            *(When(_is(where), then=Value(at)) for at, where in enumerate(chosen)),
            output_field=IntegerField(),
        )
        ordered = rows.filter(there).annotate(rank=rank).order_by("rank", "public_id").select_related("role")
        return list(ordered[skipped : skipped + size])


def _is(where: Where) -> Q:
    if where == ANYWHERE:
        return Q(district=None)
    district, quarter = where
    return Q(quarter=quarter) if quarter is not None else Q(district=district, quarter=None)


def _each(column: str) -> Func:
    return Func(F(column), function="unnest", output_field=TextField())


def roles_offered() -> list[Role]:
    """The catalogue's roles, by name."""
    return list(Role.objects.filter(is_active=True).order_by("name", "pk"))
