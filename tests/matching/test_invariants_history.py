"""Invariants 8 and 11, attacked: history only grows and holds no words, and a message goes once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pghistory.models import Event

from helfer.core.history import acting, identify
from helfer.helpers.models import HelperProfile
from helfer.matching.lifecycle import MatchState
from helfer.matching.models import Match
from helfer.notifications.models import Message
from helfer.people.models import User
from helfer.web.acting import ActingMiddleware
from tests.factories.city_runs import CityRunFactory
from tests.factories.helpers import HelperProfileFactory
from tests.factories.people import PersonFactory, RepresentativeFactory, UserFactory, tie
from tests.matching.attacks import columns_of, insert_row, refuser, run, without
from tests.matching.situations import MatchFactory, match_in, relief_match, trained_role

pytestmark = pytest.mark.django_db

TWINS = sorted(
    (model for model in apps.get_models() if issubclass(model, Event)), key=lambda model: model.__name__
)
KEPT = {
    "CertificateHistory",
    "CheckInHistory",
    "CityRunHistory",
    "ConsentHistory",
    "HelpRequestHistory",
    "HelperProfileHistory",
    "MatchHistory",
    "RepresentativeHistory",
    "SeatHistory",
    "SignatureHistory",
    "TieHistory",
    "UserHistory",
}
ATTACKS = {
    "history_is_never_changed": "UPDATE {table} SET pgh_created_at = now() - interval '1 year'",
    "history_is_never_deleted": "DELETE FROM {table}",
    "history_is_never_truncated": "TRUNCATE {table}",
}


def something_happens_everywhere() -> None:
    match = match_in(MatchState.ACTIVE, request__role=trained_role())
    RepresentativeFactory(help_seeker=match.request.help_seeker)
    tie(match.helper.person, PersonFactory(), "relative")
    CityRunFactory(office=match.office)


def test_history_is_kept_of_what_matters() -> None:
    assert KEPT <= {model.__name__ for model in TWINS}


@pytest.mark.parametrize("twin", TWINS, ids=lambda model: model.__name__)
@pytest.mark.parametrize("guard", ATTACKS)
def test_history_only_grows(guard: str, twin: type[Event]) -> None:
    something_happens_everywhere()
    table = twin._meta.db_table
    rows = twin._default_manager.count()
    assert rows
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        run((ATTACKS[guard].format(table=table), []))
    assert refuser(refused.value) == guard
    if guard != "history_is_never_truncated":
        with pytest.raises(IntegrityError), transaction.atomic():
            if guard == "history_is_never_changed":
                twin._default_manager.update(pgh_label="nothing")
            else:
                twin._default_manager.all()._raw_delete("default")
    with without(guard):
        met = run((ATTACKS[guard].format(table=table), []))
    assert met in (rows, -1)


@pytest.mark.parametrize("twin", TWINS, ids=lambda model: model.__name__)
def test_history_holds_no_words_about_people(twin: type[Event]) -> None:
    allowed: tuple[type[models.Field[Any, Any]], ...] = (
        models.ForeignKey,
        models.DateField,
        models.BooleanField,
        models.IntegerField,
        models.UUIDField,
        models.AutoField,
    )
    for field in twin._meta.fields:
        if field.name in ("pgh_label", "pgh_context"):
            continue
        words = isinstance(field, models.CharField) and not field.choices
        assert isinstance(field, allowed) or not words, field.name
        assert not isinstance(field, models.TextField), field.name


def test_every_way_of_writing_is_remembered() -> None:
    helper = HelperProfileFactory(max_people=1)
    HelperProfile.objects.filter(pk=helper.pk).update(max_people=2)
    run(("UPDATE helpers_helperprofile SET max_people = 3 WHERE id = %s", [helper.pk]))
    HelperProfile.objects.bulk_update([HelperProfile(pk=helper.pk, max_people=4)], ["max_people"])
    assert list(helper.history.order_by("pgh_id").values_list("max_people", flat=True)) == [1, 2, 3, 4]


def test_what_history_does_not_tell_of_writes_no_history() -> None:
    helper = HelperProfileFactory()
    HelperProfile.objects.filter(pk=helper.pk).update(remark="Kommt gern zu Fuß.", version=7)
    assert helper.history.count() == 1


def test_a_session_cannot_stop_history_from_being_written() -> None:
    helper = HelperProfileFactory()
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(tgname)::text FROM pg_trigger WHERE NOT tgisinternal")
        (names,) = cursor.fetchone()
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", [names])
    HelperProfile.objects.filter(pk=helper.pk).update(max_people=9)
    assert helper.history.filter(max_people=9).exists()


def test_history_tells_who_and_by_which_door() -> None:
    match, user = MatchFactory(), UserFactory()
    with acting(user.pk, door="web"):
        Match.objects.filter(pk=match.pk).update(state=MatchState.DECLINED, closed_on=date(2026, 11, 20))
    event = match.history.order_by("pgh_id").last()
    assert event.pgh_context == {"actor": user.pk, "door": "web"}
    assert event.state == MatchState.DECLINED


def test_history_of_a_write_by_no_door_names_nobody() -> None:
    assert MatchFactory().history.get().pgh_context is None


def test_a_task_inside_a_request_keeps_the_two_apart() -> None:
    helper, user = HelperProfileFactory(), UserFactory()
    with acting(None, door="api"):
        identify(user.pk)
        with acting(None, door="task"):
            HelperProfile.objects.filter(pk=helper.pk).update(max_people=2)
        HelperProfile.objects.filter(pk=helper.pk).update(max_people=3)
    contexts = dict(helper.history.values_list("max_people", "pgh_context"))
    assert contexts[2] == {"actor": None, "door": "task"}
    assert contexts[3] == {"actor": user.pk, "door": "api"}


def test_a_request_leaves_neither_address_nor_words_in_history() -> None:
    user = UserFactory()
    request = RequestFactory().post("/buero/anfragen/?name=Berger")
    request.user = user

    def view(request: HttpRequest) -> HttpResponse:
        User.objects.filter(pk=user.pk).update(kinds=["helper"])
        return HttpResponse()

    ActingMiddleware(view)(request)
    assert user.history.order_by("pgh_id").last().pgh_context == {"actor": user.pk, "door": "web"}


def test_history_stays_when_the_thing_goes() -> None:
    one = tie(PersonFactory(), PersonFactory(), "household")
    twin = type(one).history.rel.related_model
    key = one.pk
    one.delete()
    assert list(
        twin.objects.filter(pgh_obj_id=key).order_by("pgh_id").values_list("pgh_label", flat=True)
    ) == [
        "insert",
        "delete",
    ]


# 11


def a_message() -> Message:
    message = Message(kind="match_ended", subject_id=1, recipient=PersonFactory())
    message.created_at = message.due_at = "2026-11-22T09:00:00Z"
    message.save()
    message.pk = None
    return message


@pytest.mark.parametrize("way", ["bulk", "sql"])
def test_a_message_is_posted_once(way: str) -> None:
    message = a_message()

    def post_again() -> None:
        with transaction.atomic():
            if way == "bulk":
                Message.objects.bulk_create([message])
            else:
                run(insert_row("notifications_message", **columns_of(message)))

    with pytest.raises(IntegrityError) as refused:
        post_again()
    assert refuser(refused.value) == "message_is_sent_once_for_an_occasion"
    with without("message_is_sent_once_for_an_occasion"):
        post_again()
    assert Message.objects.count() == 2


def test_relief_matches_are_told_by_ids_only() -> None:
    match = relief_match(to=MatchState.ACTIVE)
    told = match.history.order_by("pgh_id").values_list("state", flat=True)
    assert list(told) == ["proposed", "proposed", "accepted", "approved", "trial", "active"]
