"""Letters: collected, printed together, printed again; readable with eyes and aloud."""

from __future__ import annotations

import io
import threading
from datetime import date, datetime

import pikepdf
import pytest
from django.db import IntegrityError, connection, transaction

from helfer.core.errors import Conflict, IllegalTransition, NotAllowed
from helfer.notifications.actions import (
    deliver_message,
    letters_pdf,
    print_letters,
    send_again,
    settle_message,
)
from helfer.notifications.delivery.letter import Sheet, _page
from helfer.notifications.kinds import Letter
from helfer.notifications.models import Message, MessageState, PrintBatch
from helfer.people.models import Office, Person
from tests.factories.notifications import MessageFactory
from tests.factories.people import OfficeFactory, PersonFactory, UserFactory, tandem
from tests.waiting import PATIENCE_SECONDS

from .conftest import SECRETS, VISIT


@pytest.fixture
def office(db: None) -> Office:
    return OfficeFactory(name="Seniorenbüro Hörde")


def text_of(pdf: bytes) -> list[str]:
    """The words on each page, found by the tables that map the fonts' glyphs back to letters."""
    pages = []
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for page in document.pages:
            maps = {name: _characters(font) for name, font in page.Resources.Font.items()}
            words, current = [], {}
            for operands, operator in pikepdf.parse_content_stream(page):
                if str(operator) == "Tf":
                    current = maps[str(operands[0])]
                elif str(operator) in {"Tj", "TJ"}:
                    parts = operands[0] if str(operator) == "TJ" else [operands[0]]
                    codes = b"".join(bytes(part) for part in parts if isinstance(part, pikepdf.String))
                    words.append(
                        "".join(current.get(codes[i : i + 2].hex(), "") for i in range(0, len(codes), 2))
                    )
            pages.append(" ".join(words))
    return pages


def _characters(font: pikepdf.Object) -> dict[str, str]:
    found = {}
    for line in font.ToUnicode.read_bytes().decode().splitlines():
        parts = line.replace("<", " ").replace(">", " ").split()
        if len(parts) == 2 and len(parts[0]) == 4 and line.startswith("<"):
            found[parts[0].lower()] = bytes.fromhex(parts[1]).decode("utf-16-be")
    return found


def test_a_batch_takes_every_letter_that_waits_and_only_of_this_office(office: Office, now: datetime) -> None:
    mine = MessageFactory.create_batch(3, kind=VISIT, office=office, to_print=True)
    other = MessageFactory(kind=VISIT, to_print=True)
    waiting = MessageFactory(kind=VISIT, office=office)
    municipal, association = tandem(office)
    batch = print_letters(office=office, by=municipal, at=now)
    assert list(batch.messages.order_by("pk")) == mine
    for message in (other, waiting):
        message.refresh_from_db()
    assert (other.state, waiting.state) == (MessageState.TO_PRINT, MessageState.WAITING)
    assert set(batch.messages.values_list("state", "sent_at")) == {("printed", now)}
    with pytest.raises(Conflict, match="keine Briefe"):
        print_letters(office=office, by=association, at=now)


def test_a_letter_has_the_address_the_details_and_a_page_of_its_own(office: Office, now: datetime) -> None:
    people = [
        PersonFactory(given_name="Milica", family_name="Petrović", house_number="12 a"),
        PersonFactory(given_name="Thảo", family_name="Nguyễn"),
    ]
    for person in people:
        MessageFactory(kind=VISIT, office=office, recipient=person, to_print=True)
    user, _other = tandem(office)
    batch = print_letters(office=office, by=user, at=now)
    pages = text_of(letters_pdf(batch_id=batch.pk, by=user, at=now))
    assert len(pages) == 2
    for page, person in zip(pages, people, strict=True):
        for words in (
            person.full_name,
            f"{person.street} {person.house_number}",
            "44137 Dortmund",
            "Seniorenbüro Hörde",
            "23. November 2026",
            "0231 5022222",
            "<b>Nicht fett</b>",
        ):
            assert words in page
        assert [secret for secret in SECRETS if secret not in page] == []
        assert "Leer" not in page


def test_a_letter_is_tagged_and_names_its_language(office: Office, now: datetime) -> None:
    MessageFactory(kind=VISIT, office=office, to_print=True)
    user, _other = tandem(office)
    batch = print_letters(office=office, by=user, at=now)
    with pikepdf.open(io.BytesIO(letters_pdf(batch_id=batch.pk, by=user, at=now))) as pdf:
        assert "/StructTreeRoot" in pdf.Root
        assert str(pdf.Root.Lang) == "de"
        assert pdf.Root.MarkInfo.Marked
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
        fonts = {str(font.BaseFont) for font in pdf.pages[0].Resources.Font.values()}
        assert all("+" in name for name in fonts), "every font is embedded"


def test_a_letter_in_arabic_runs_from_right_to_left_and_keeps_the_number_in_order(
    db: None, now: datetime
) -> None:
    person = PersonFactory(language="ar", family_name="Haddad")
    office = OfficeFactory(phone="+4923112345")
    letter = Letter("موضوع", ["فقرة"], [("هاتف", "0231 5550101")])
    page = _page(Sheet(Message(recipient=person, office=office), letter), on=now.date())
    assert '<article lang="ar" dir="rtl">' in page
    # The window of the envelope stays where it is.
    assert '<header dir="ltr">' in page
    assert "\u2068" + "0231 5550101" + "\u2069" in page
    assert "مع أطيب التحيات" in page


def test_a_batch_can_be_printed_again(office: Office, now: datetime) -> None:
    MessageFactory.create_batch(2, kind=VISIT, office=office, to_print=True)
    user, _other = tandem(office)
    batch = print_letters(office=office, by=user, at=now)
    first, second = (letters_pdf(batch_id=batch.pk, by=user, at=now) for _turn in range(2))
    assert text_of(first) == text_of(second)


def test_nobody_writes_to_the_dead_and_nothing_that_is_over(office: Office, now: datetime) -> None:
    dead, over, good = (
        MessageFactory(kind=VISIT, office=office, to_print=True, recipient__died_on=date(2026, 11, 20)),
        MessageFactory(kind=VISIT, office=office, to_print=True, occasion="over"),
        MessageFactory(kind=VISIT, office=office, to_print=True),
    )
    user, _other = tandem(office)
    batch = print_letters(office=office, by=user, at=now)
    assert list(batch.messages.all()) == [good]
    assert set(Message.objects.filter(pk__in=[dead.pk, over.pk]).values_list("state", flat=True)) == {
        "cancelled"
    }
    Person.objects.filter(pk=good.recipient_id).update(died_on=date(2026, 11, 23))
    with pytest.raises(Conflict, match="keiner mehr gültig"):
        letters_pdf(batch_id=batch.pk, by=user, at=now)


def test_only_the_offices_tandem_prints_and_settles(office: Office, now: datetime) -> None:
    MessageFactory(kind=VISIT, office=office, to_print=True)
    failed = MessageFactory(kind=VISIT, office=office, failed=True)
    user, _other = tandem(office)
    stranger, _other = tandem(OfficeFactory())
    coordinator = UserFactory(coordinator=True)
    for outsider in (stranger, coordinator, UserFactory(helper=True)):
        with pytest.raises(NotAllowed):
            print_letters(office=office, by=outsider, at=now)
        with pytest.raises(NotAllowed):
            send_again(message_id=failed.pk, by=outsider, at=now)
        with pytest.raises(NotAllowed):
            settle_message(message_id=failed.pk, by=outsider, at=now)
    batch = print_letters(office=office, by=user, at=now)
    with pytest.raises(NotAllowed):
        letters_pdf(batch_id=batch.pk, by=stranger, at=now)


def test_what_belongs_to_no_office_is_printed_by_coordinators(db: None, now: datetime) -> None:
    MessageFactory(kind=VISIT, office=None, to_print=True)
    user, _other = tandem(OfficeFactory())
    with pytest.raises(NotAllowed):
        print_letters(office=None, by=user, at=now)
    coordinator = UserFactory(coordinator=True)
    batch = print_letters(office=None, by=coordinator, at=now)
    (page,) = text_of(letters_pdf(batch_id=batch.pk, by=coordinator, at=now))
    assert "Seniorenbüros in Dortmund" in page


def test_a_failed_message_is_sent_again_or_settled_once(office: Office, now: datetime) -> None:
    user, _other = tandem(office)
    failed = MessageFactory(kind=VISIT, office=office, failed=True, attempts=9)
    send_again(message_id=failed.pk, by=user, at=now)
    assert deliver_message(message_id=failed.pk, at=now) is MessageState.SENT
    with pytest.raises(IllegalTransition):
        send_again(message_id=failed.pk, by=user, at=now)
    told = MessageFactory(kind=VISIT, office=office, failed=True)
    settle_message(message_id=told.pk, by=user, at=now)
    assert not Message.objects.failed().exists()
    with pytest.raises(Conflict):
        settle_message(message_id=0, by=user, at=now)


def test_one_sees_the_own_messages_and_those_of_the_own_office(office: Office) -> None:
    user, _other = tandem(office)
    own = MessageFactory(recipient=user.person)
    offices = MessageFactory(office=office)
    nobodys = MessageFactory(office=None)
    assert set(Message.objects.visible_to(user)) == {own, offices}
    assert set(Message.objects.visible_to(UserFactory(coordinator=True))) == {nobodys}
    assert not Message.objects.visible_to(UserFactory(training=True, administrator=True)).exists()


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"state": "printed"}, "message_is_printed_in_a_batch"),
        ({"state": "sent"}, "message_that_left_says_when_and_how"),
        ({"state": "lost"}, "message_is_in_a_known_state"),
    ],
)
def test_the_database_knows_what_a_state_needs(db: None, change: dict[str, str], constraint: str) -> None:
    message = MessageFactory()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(**change)


@pytest.mark.django_db(transaction=True)
def test_two_who_print_at_once_do_not_print_the_same_letter(now: datetime) -> None:
    office = OfficeFactory()
    MessageFactory.create_batch(5, kind=VISIT, office=office, to_print=True)
    refusals: list[Conflict] = []

    def run(user: object) -> None:
        try:
            print_letters(office=office, by=user, at=now)  # type: ignore[arg-type]
        except Conflict as refusal:
            refusals.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(user,)) for user in tandem(office)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    assert len(refusals) == 1
    assert PrintBatch.objects.get().messages.count() == 5
