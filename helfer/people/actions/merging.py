"""Two records that are one human being become one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pghistory.models
from django.db import DatabaseError, transaction
from django.db.models import ForeignObjectRel, Model
from django.utils.translation import gettext as _

from helfer.core.days import berlin_day
from helfer.core.errors import Conflict
from helfer.people.models import Consent, ConsentKind, HelpSeeker, Person, Representative, Tie, User
from helfer.people.permissions import can_merge
from helfer.people.places_of_persons import ADDRESS_FIELDS

# Taken over where the survivor's record has nothing.
FILLED = ("given_name", "birth_year", "gender", "phone", "mobile", "email")


@transaction.atomic
def merge_persons(*, survivor_id: int, duplicate_id: int, by: User, at: datetime) -> Person:
    """Everything of the duplicate belongs to the survivor; the duplicate's id stays, pointing there.

    Raises ``Conflict`` where both have a helper's profile or both an account.
    """
    if survivor_id == duplicate_id:
        raise Conflict(_("Eine Person kann nicht mit sich selbst zusammengeführt werden."), field="duplicate")
    locked = {
        person.pk: person
        for person in Person.objects.select_for_update(of=("self",))
        .filter(pk__in=[survivor_id, duplicate_id])
        .order_by("pk")
    }
    if len(locked) < 2:
        raise Conflict(_("Diese Person gibt es nicht."))
    survivor, duplicate = locked[survivor_id], locked[duplicate_id]
    can_merge(by, [survivor, duplicate], on=berlin_day(at))
    _must_be_mergeable(survivor, duplicate)
    # Said first, so that the database knows the two for one while their matches and consents move.
    duplicate.merged_into = survivor
    duplicate.save(update_fields=["merged_into"])

    # One person has no relation to themselves.
    Tie.objects.filter(person_a__in=locked, person_b__in=locked).delete()
    _move_ties(survivor, duplicate)
    _move_help_seeker(survivor, duplicate)
    _move_representations(survivor, duplicate)
    _move_consents(survivor, duplicate)
    _move_the_rest(Person, survivor, duplicate, except_for={Tie, HelpSeeker, Representative, Consent})
    _fill(survivor, duplicate)
    return survivor


def _must_be_mergeable(survivor: Person, duplicate: Person) -> None:
    if survivor.merged_into_id is not None or duplicate.merged_into_id is not None:
        raise Conflict(_("Eine der beiden wurde schon zusammengeführt."), code="merged")
    if (survivor.died_on is None) != (duplicate.died_on is None):
        raise Conflict(
            _("Eine der beiden ist als verstorben eingetragen. Bitte klären Sie das zuerst."), code="died"
        )
    if User.objects.filter(person__in=[survivor, duplicate]).count() == 2:
        raise Conflict(
            _("Beide haben einen Zugang. Bitte schließen Sie zuerst, wer sich womit anmeldet."),
            code="both_have_an_account",
        )
    for relation in Person._meta.related_objects:
        model, name = _model_and_field(relation)
        if not relation.one_to_one or model in (User, HelpSeeker):
            continue
        if model._default_manager.filter(**{f"{name}__in": [survivor, duplicate]}).count() == 2:
            raise Conflict(
                _("Beide haben ein %(thing)s. Bitte lassen Sie zuerst eines davon ausscheiden.")
                % {"thing": model._meta.verbose_name},
                code="both_have_a_profile",
            )


def _model_and_field(relation: ForeignObjectRel) -> tuple[type[Model], str]:
    model: Any = relation.related_model
    return model, relation.field.name


def _move_the_rest(
    owner: type[Model], survivor: Model, duplicate: Model, *, except_for: set[type[Model]]
) -> None:
    """Point every other row at the survivor, whichever app it is of; history keeps the ids it wrote."""
    for relation in owner._meta.related_objects:
        if relation.many_to_many:
            continue
        model, name = _model_and_field(relation)
        if model in except_for or issubclass(model, pghistory.models.Event):
            continue
        for row in model._default_manager.filter(**{name: duplicate}).order_by("pk"):
            try:
                with transaction.atomic():
                    setattr(row, name, survivor)
                    row.save(update_fields=[name])
            except DatabaseError:
                # The same row exists for the survivor already, such as a message for one occasion.
                if not _is_twice(model, row):
                    raise


def _is_twice(model: type[Model], row: Model) -> bool:
    return model._meta.label_lower == "notifications.message"


def _move_ties(survivor: Person, duplicate: Person) -> None:
    for tie in Tie.objects.filter(person_a=duplicate) | Tie.objects.filter(person_b=duplicate):
        other_id = tie.person_b_id if tie.person_a_id == duplicate.pk else tie.person_a_id
        first, second = sorted((survivor.pk, other_id))
        Tie.objects.get_or_create(
            person_a_id=first, person_b_id=second, kind=tie.kind, defaults={"noted_by_id": tie.noted_by_id}
        )
        tie.delete()


def _move_help_seeker(survivor: Person, duplicate: Person) -> None:
    gone = HelpSeeker.objects.select_for_update(of=("self",)).filter(person=duplicate).first()
    if gone is None:
        return
    stays = HelpSeeker.objects.select_for_update(of=("self",)).filter(person=survivor).first()
    if stays is None:
        gone.person = survivor
        gone.save(update_fields=["person"])
        return
    for representative in Representative.objects.filter(help_seeker=gone):
        same = Representative.objects.filter(help_seeker=stays, person=representative.person_id).first()
        if same is None:
            representative.help_seeker = stays
            representative.save(update_fields=["help_seeker"])
        else:
            Consent.objects.filter(representative=representative).update(representative=same)
            representative.delete()
    _move_the_rest(HelpSeeker, stays, gone, except_for={Representative})
    if gone.remark and gone.remark not in stays.remark:
        stays.remark = f"{stays.remark}\n{gone.remark}".strip()
        stays.save(update_fields=["remark"])
    # Nothing but history knows this id any more.
    gone.delete()


def _move_representations(survivor: Person, duplicate: Person) -> None:
    for representation in Representative.objects.filter(person=duplicate).select_related("help_seeker"):
        if representation.help_seeker.person_id == survivor.pk:
            raise Conflict(
                _("Die eine vertritt die andere. Das sind wohl doch zwei verschiedene Menschen."),
                code="represents",
            )
        same = Representative.objects.filter(
            person=survivor, help_seeker=representation.help_seeker_id
        ).first()
        if same is None:
            representation.person = survivor
            representation.save(update_fields=["person"])
        else:
            Consent.objects.filter(representative=representation).update(representative=same)
            representation.delete()


def _move_consents(survivor: Person, duplicate: Person) -> None:
    """Consents follow, except those a match already rests on: what was signed upon stays as it was."""
    for consent in Consent.objects.filter(person=duplicate):
        try:
            with transaction.atomic():
                consent.person = survivor
                consent.save(update_fields=["person"])
        except DatabaseError:
            if consent.kind != ConsentKind.MATCH:
                raise


def _fill(survivor: Person, duplicate: Person) -> None:
    """What the survivor's record lacks comes from the duplicate, whose own details are blanked."""
    changed = []
    for name in FILLED:
        if not getattr(survivor, name) and getattr(duplicate, name):
            setattr(survivor, name, getattr(duplicate, name))
            changed.append(name)
    if survivor.home is None and duplicate.home is not None:
        for name in ADDRESS_FIELDS:
            setattr(survivor, name, getattr(duplicate, name))
        changed += ADDRESS_FIELDS
    for name in (
        "phone",
        "mobile",
        "email",
        "street",
        "house_number",
        "postcode",
        "town",
        "location_quality",
    ):
        setattr(duplicate, name, "")
    duplicate.home, duplicate.location_to_confirm = None, False
    duplicate.merged_into = survivor
    duplicate.save(update_fields=["phone", "mobile", "email", *ADDRESS_FIELDS, "merged_into"])
    survivor.save(update_fields=changed)
    survivor.refresh_from_db()
