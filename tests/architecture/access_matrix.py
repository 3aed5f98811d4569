"""Who may open what in our own pages: the table that the whole resolver is held against.

Everybody in ``PEOPLE`` belongs to the first office, save ``other``. ``mine`` are those for whom a door opens
when the address names a thing of the first office, ``theirs`` when it names the same thing of the second one.
Whoever is in neither finds nothing there (guests: the sign-in page). A door without a row is an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

# guest: nobody · closed: a deactivated account of a seat-holder · told: a representative who may be told
# own, other: tandem of the first, of the second office · former: whose seat in the first office ended
STRANGERS = ("guest", "closed")
STAFF = ("own", "other", "former", "training", "coordinator", "dpo", "administrator", "editor")
PEOPLE = (*STRANGERS, "helper", "seeker", "told", *STAFF)
KNOWN = " ".join(PEOPLE[len(STRANGERS) :])
TANDEMS = "own other"

# What nobody reads but these, on whatever page that opens for them.
WORDS = {
    # family names of those who get help, and of those who help them
    "Hilfeaar": "own seeker told helper coordinator administrator",
    "Hilfebor": "other",
    "Helfendaar": "own training helper seeker told coordinator administrator",
    "Helfendbor": "other training",
    "Sohnbor": "other",
    # remarks are the office's own
    "Bemerkungaar": "own",
    "Bemerkungbor": "other",
    # where they live and how to reach them
    "Lindenhofaar": "own seeker told helper",
    "Lindenhofbor": "other",
}


@dataclass(frozen=True)
class Row:
    """One URL name, and who gets which answer there."""

    name: str
    mine: frozenset[str]
    theirs: frozenset[str] | None = None
    thing: str = ""
    # Whom a door answers otherwise than "open", "hidden" and the sign-in page.
    otherwise: dict[str, str] = field(default_factory=dict)
    # What the address has to be filled with, besides pk.
    filled: dict[str, Any] = field(default_factory=dict)
    # The answer for whoever is known, but may not.
    closed: str = "hidden"
    # Who finds "hidden" where the others find ``closed``.
    inside: frozenset[str] = frozenset()
    # A machine's door by POST: without a body it would hear about that first.
    body: dict[str, Any] | None = None
    # What the thing is called in the address.
    key: str = "pk"
    # Where to knock if the door has no name.
    path: str = ""

    def expected(self, who: str, *, foreign: bool = False) -> str:
        """What this person gets."""
        if who in self.otherwise:
            return self.otherwise[who]
        if who == "former" and self.name.startswith("tandem:"):
            # Told at every door alike that the seat has ended.
            return "refused"
        opens = self.theirs if foreign and self.theirs is not None else self.mine
        if who in opens:
            return "open"
        if who in self.inside:
            return "hidden"
        return "login" if who in STRANGERS else self.closed


def rows(
    prefix: str, names: str, mine: str, theirs: str | None = None, thing: str = "", **more: Any
) -> Iterator[Row]:
    """One row for each of the names."""
    other = None if theirs is None else frozenset(theirs.split())
    row = Row("", frozenset(mine.split()), other, thing, **more)
    for name in names.split():
        yield replace(row, name=f"{prefix}{name}")


def everybody(prefix: str, names: str, answer: str, **more: Any) -> Iterator[Row]:
    """Doors that answer everybody alike."""
    return rows(prefix, names, "", otherwise=dict.fromkeys(PEOPLE, answer), **more)


def of_the_office(names: str, thing: str, **more: Any) -> Iterator[Row]:
    """Doors of the tandem to a thing of its own office."""
    return rows("tandem:", names, "own", "other", thing, **more)


# Where whoever is signed in already is sent by the sign-in.
START_PAGES = {
    "helper": "to /mein-profil/",
    "seeker": "to /meine-anfragen/",
    "told": "to /meine-anfragen/",
    "own": "to /buero/",
    "other": "to /buero/",
    "former": "to /buero/",
    "training": "to /schulung/",
    "coordinator": "to /geschaeftsstelle/",
    "dpo": "to /geschaeftsstelle/verlauf/",
    "administrator": "to /geschaeftsstelle/zugaenge/",
    "editor": "to /redaktion/",
}

OURS = [
    *everybody("", "gallery", "open"),
    *everybody("", "text_size language", "to /"),
    # Who offers help, without an account.
    *everybody("public:", "offers offers_map offers_sheet", "open"),
    *everybody("public:", "offers_place", "to /angebote/"),
    *everybody("public:", "offer", "hidden", filled={"public_id": "'00000000-0000-4000-8000-000000000000"}),
    # Who looks for help, without an account either; "Das kann ich" is said by helpers.
    *everybody("public:", "wanted", "open"),
    *everybody(
        "public:", "wanted_page", "hidden", filled={"public_id": "'00000000-0000-4000-8000-000000000000"}
    ),
    *rows("public:", "wanted_interest", "", filled={"public_id": "'00000000-0000-4000-8000-000000000000"}),
    # Who asks for help, without an account; a question without a beginning leads to the beginning.
    *everybody("public:", "ask status complaint", "open"),
    *everybody("public:", "register register_sheet", "open"),
    *everybody("public:", "ask_summary ask_done ask_later", "to /hilfe-suchen/"),
    *everybody("public:", "register_summary register_done register_later", "to /mitmachen/"),
    *everybody("public:", "register_question", "to /mitmachen/", filled={"page": "'name"}),
    *everybody("public:", "ask_go_on register_go_on", "410", filled={"token": "'erfunden"}),
    *everybody("public:", "ask_question", "to /hilfe-suchen/", filled={"page": "'fuer-wen"}),
    *rows("tandem:", "desk search requests request_new helpers helper_new matches", TANDEMS),
    *rows("tandem:", "pile", TANDEMS, filled={"key": "'offen"}),
    *of_the_office(
        "person person_edit person_address person_tie person_death person_death_confirm person_death_undo"
        " person_moved person_merge",
        "person",
    ),
    *of_the_office("tie_remove", "tie"),
    *of_the_office("seeker_care representative_add", "seeker"),
    *of_the_office("representative_paper representative_choices representative_remove", "representative"),
    *of_the_office(
        "request request_edit request_clarify request_paper request_hold request_forward request_withdraw"
        " request_reopen request_close request_move request_name_helper candidates",
        "request",
    ),
    *of_the_office("propose", "request", filled={"helper_id": "helper"}),
    *of_the_office(
        "helper helper_card helper_card_preview helper_card_hide"
        " helper_edit helper_interview helper_activate helper_reject helper_leave helper_pause"
        " certificate_new",
        "helper",
    ),
    *of_the_office("pause_end", "pause"),
    *of_the_office("certificate_verify", "certificate"),
    *of_the_office(
        "match match_sign match_unsign match_reject match_withdraw match_terms match_first_contact"
        " match_pause match_resume match_end match_check_in match_plan match_hand_over match_incident",
        "match",
    ),
    *of_the_office("match_lend match_refuse_to_lend", "lent_match"),
    *of_the_office(
        "match_sheet match_consent match_decline match_withdraw_consent match_confirm_trial",
        "match",
        filled={"party": "'helfer"},
    ),
    *of_the_office("incident_close", "incident"),
    *rows("tandem:", "city_runs city_run_start drill drill_sheet import letters", TANDEMS),
    *of_the_office(
        "city_run city_run_progress city_run_stop city_run_unserved city_run_comparison", "city_run"
    ),
    *of_the_office("suggestion suggestion_dismiss", "suggestion"),
    *of_the_office("request_listing request_unlist", "request"),
    *of_the_office("interest", "interest"),
    *rows("tandem:", "import_list import_drop import_rejected import_good_rows", "", filled={"token": "'x"}),
    *of_the_office("letters_print", "office"),
    *of_the_office("letters_batch", "print_batch"),
    *of_the_office("message_again message_settle", "message"),
    *rows("tandem:", "tokens", f"{TANDEMS} coordinator"),
    *of_the_office("token_revoke", "token"),
    # Helpers: their own.
    *rows("helper:", "profile offer contact leave return pause proofs proof_new matches", "helper"),
    *rows("helper:", "card card_preview card_hide data data_file messages", "helper"),
    *rows("helper:", "pause_end", "helper", "", "pause"),
    *rows(
        "helper:",
        "match match_sheet match_yes match_no match_go_on match_pause match_stop",
        "helper",
        "",
        "match",
    ),
    # Who gets help, and who speaks for them.
    *rows("seeker:", "requests", "seeker told"),
    *rows("seeker:", "match match_yes match_no match_go_on", "seeker told", "", "match"),
    # The training team: all helpers and their proofs.
    *rows("training:", "helpers bulk", "training"),
    *rows("training:", "helper issue", "training", "training", "helper"),
    *rows("training:", "verify revoke file", "training", "training", "certificate"),
    # The Geschäftsstelle.
    *rows("coordination:", "drill city_runs", "coordinator"),
    *rows("coordination:", "drill_result drill_stop", "coordinator", thing="city_drill"),
    *rows("coordination:", "city_run", "coordinator", thing="city_run"),
    *rows("coordination:", "complaints", "coordinator"),
    *rows("coordination:", "complaint_settle", "coordinator", thing="complaint"),
    *rows("coordination:", "desk offices office_new seats seat_new unplaced merge catalogue", "coordinator"),
    *rows("coordination:", "role_new training_new model_new rule_new", "coordinator"),
    *rows("coordination:", "office office_edit office_districts holiday_new", "coordinator", thing="office"),
    *rows("coordination:", "holiday_remove", "coordinator", thing="holiday"),
    *rows("coordination:", "seat_end seat_hand_over", "coordinator", thing="seat"),
    *rows("coordination:", "place_helper", "coordinator", thing="unplaced_helper"),
    *rows("coordination:", "place_request", "coordinator", thing="unplaced_request"),
    *rows("coordination:", "role role_languages", "coordinator", thing="role"),
    *rows("coordination:", "training training_languages", "coordinator", thing="training"),
    *rows("coordination:", "model model_languages rate_new", "coordinator", thing="model"),
    *rows("coordination:", "rate rate_remove", "coordinator", thing="rate"),
    *rows("coordination:", "rule", "coordinator", thing="rule"),
    *rows("coordination:", "people account_new", "coordinator administrator"),
    *rows(
        "coordination:",
        "account account_kinds account_close account_open account_invite account_reset",
        "coordinator administrator",
        thing="account",
    ),
    *rows("coordination:", "events consents", "dpo"),
]
