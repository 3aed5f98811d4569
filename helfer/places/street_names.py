"""A municipality's street names in memory, to find the one that somebody meant."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Min
from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

from helfer.places.models import Address, Municipality
from helfer.places.normalise import street_key, street_likeness_forms

FORMS = 3
CANDIDATES = 30
# No street has a longer name.
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Likeness:
    """A street that may be meant.

    ``slips`` counts wrong, missing, added and swapped letters; ``likeness`` (0 to 1) tells streets with
    the same number of slips apart: people rarely mistake the first letters.
    """

    key: str
    name: str
    slips: int
    likeness: float


class StreetNames:
    """All street names of one municipality in their comparable forms."""

    def __init__(self, names: dict[str, str]) -> None:
        self.names = names
        self.keys = list(names)
        forms = [street_likeness_forms(name) for name in names.values()]
        self.forms = [[form[index] for form in forms] for index in range(FORMS)]

    def __contains__(self, key: str) -> bool:
        return key in self.names

    def like(self, street: str) -> list[Likeness]:
        """The streets that ``street`` may have meant, fewest slips first; never the street itself."""
        own_key = street_key(street)
        slips: dict[int, int] = {}
        if len(street) > LONGEST:
            return []
        written_forms = street_likeness_forms(street)
        for written, forms in zip(written_forms, self.forms, strict=True):
            if not written:
                continue
            for _form, distance, index in process.extract(
                written, forms, scorer=OSA.distance, score_cutoff=_most_slips(written), limit=CANDIDATES
            ):
                slips[index] = min(int(distance), slips.get(index, 99))
        # A left-out word: "Kaiser-Wilhelm-Park" for "Am Kaiser-Wilhelm-Park", "Altenessener" without "Str.".
        if len(own_key) >= 5:
            for index, key in enumerate(self.keys):
                if index not in slips and (own_key in key or (len(key) >= 5 and key in own_key)):
                    slips[index] = 2 + abs(len(key) - len(own_key)) // 4
        found = [
            Likeness(self.keys[i], self.names[self.keys[i]], n, self._likeness(written_forms, i))
            for i, n in slips.items()
            if self.keys[i] != own_key
        ]
        return sorted(found, key=lambda like: (like.slips, -like.likeness, like.key))[:CANDIDATES]

    def _likeness(self, written_forms: tuple[str, ...], index: int) -> float:
        alike = (JaroWinkler.similarity(w, f[index]) for w, f in zip(written_forms, self.forms, strict=True))
        return round(sum(alike) / FORMS, 6)


def _most_slips(written: str) -> int:
    return 1 if len(written) < 6 else 2 if len(written) < 12 else 3


_in_memory: dict[int, tuple[UUID, StreetNames]] = {}


def street_names(municipality: Municipality) -> StreetNames:
    """The street names of ``municipality``, read again when its addresses have changed since."""
    version = Municipality.objects.values_list("addresses_version", flat=True).get(pk=municipality.pk)
    kept = _in_memory.get(municipality.pk)
    if kept is None or kept[0] != version:
        rows = (
            Address.objects.filter(municipality=municipality)
            .values("street_norm")
            .annotate(name=Min("street"))
            .order_by("street_norm")
            .values_list("street_norm", "name")
        )
        kept = (version, StreetNames(dict(rows)))
        _in_memory[municipality.pk] = kept
    return kept[1]
