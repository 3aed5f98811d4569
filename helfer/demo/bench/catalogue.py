"""How often what is offered, known and agreed to: rough shares, by the default catalogue's short names."""

from __future__ import annotations

from dataclasses import dataclass

from helfer.catalogue.models import CompensationModel, EvidenceType, Role, Training

# What is not named here is rare.
RARE = 0.02
ROLES = {
    "besuch": 0.25,
    "einkauf": 0.17,
    "begleitung": 0.15,
    "haushalt": 0.09,
    "vorlesen": 0.06,
    "garten": 0.06,
    "telefon": 0.06,
    "digital": 0.06,
    "demenz": 0.05,
    "fahrdienst": 0.04,
    "sprachmittlung": 0.04,
    "wohnberatung": 0.02,
}
OFFERS_PER_HELPER = {1: 0.18, 2: 0.30, 3: 0.26, 4: 0.16, 5: 0.10}
MODELS = {
    "ehrenamt": 0.80,
    "auslagen": 0.45,
    "ehrenamtspauschale": 0.30,
    "entlastungsbetrag": 0.35,
    "zeitbank": 0.12,
    "uebungsleiter": 0.08,
    "minijob": 0.08,
    "verhinderungspflege": 0.05,
}
# Held beside what the own roles ask for.
FURTHER_TRAININGS = {"nbh-kurs": 0.25, "nbh-broschuere": 0.15, "erste-hilfe": 0.12, "fuehrungszeugnis": 0.15}
# Of the proofs that a helper's roles ask for so many are there at all.
HELD = {"einfuehrung": 0.97, "verschwiegenheit": 0.97}
HELD_OF_OTHERS = 0.85
VERIFIED = 0.99
# By how much of a proof's validity has gone by (grace included): mostly current, some lapsed.
LAPSED = 0.06
IN_GRACE = 0.05
LANGUAGES = {"en": 0.22, "tr": 0.06, "ru": 0.06, "pl": 0.05, "ar": 0.04, "uk": 0.02, "it": 0.02, "fr": 0.03}
# Of those who speak something else besides.
WITHOUT_GERMAN = 0.04
RADII_M = {500: 0.08, 800: 0.12, 1000: 0.2, 1500: 0.2, 2000: 0.18, 3000: 0.12, 5000: 0.08, 10_000: 0.02}
MAX_PEOPLE = {1: 0.55, 2: 0.28, 3: 0.12, 4: 0.05}
# By half-day: morning, afternoon, evening; of weekdays, Saturday, Sunday.
TIMES = [0.34, 0.40, 0.18] * 5 + [0.18, 0.20, 0.08] + [0.06, 0.12, 0.06]


@dataclass(frozen=True)
class Catalogue:
    """The loaded catalogue by id, and what a role asks for."""

    roles: list[Role]
    trainings: dict[str, Training]
    model_ids: dict[str, int]
    # By role id: slugs of required trainings, and ids of the models allowed.
    required: dict[int, list[str]]
    allowed: dict[int, frozenset[int]]

    @classmethod
    def loaded(cls) -> Catalogue:
        """As it is in the database."""
        roles = list(Role.objects.filter(is_active=True).order_by("pk"))
        return cls(
            roles=roles,
            trainings={training.slug: training for training in Training.objects.order_by("pk")},
            model_ids=dict(CompensationModel.objects.order_by("pk").values_list("slug", "pk")),
            required={
                role.pk: list(role.required_trainings.order_by("pk").values_list("slug", flat=True))
                for role in roles
            },
            allowed={
                role.pk: frozenset(role.compensation_models.values_list("pk", flat=True)) for role in roles
            },
        )

    def is_inspection(self, slug: str) -> bool:
        """Whether the proof is only looked at."""
        return bool(self.trainings[slug].evidence_type == EvidenceType.INSPECTION)
