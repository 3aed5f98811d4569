"""What happens to people, offices and accounts, in one place for all doors."""

from .accounts import (
    change_kinds,
    change_sign_in_email,
    create_account,
    deactivate_account,
    reactivate_account,
    reset_second_factor,
)
from .complaints import complain, settle_complaint
from .consents import give_consent, note_paper, withdraw_consent
from .merging import merge_persons
from .offices import (
    OfficeDetails,
    add_holiday,
    create_office,
    remove_holiday,
    serve_districts,
    update_office,
)
from .persons import (
    PersonDetails,
    change_address,
    confirm_address,
    create_help_seeker,
    create_person,
    office_for,
    take_down_person,
    update_help_seeker,
    update_person,
)
from .representatives import (
    add_representative,
    note_paper_seen,
    remove_representative,
    set_persons_choices,
    withdraw_paper,
)
from .seats import end_seat, give_seat, hand_over_seat
from .strangers import (
    enter_stranger,
    enter_stranger_as_seeker,
    enter_strangers_relative,
    note_strangers_consents,
)
from .ties import add_tie, remove_tie
from .tokens import create_token, revoke_token

__all__ = [
    "OfficeDetails",
    "PersonDetails",
    "add_holiday",
    "add_representative",
    "add_tie",
    "change_address",
    "change_kinds",
    "change_sign_in_email",
    "complain",
    "confirm_address",
    "create_account",
    "create_help_seeker",
    "create_office",
    "create_person",
    "create_token",
    "deactivate_account",
    "end_seat",
    "enter_stranger",
    "enter_stranger_as_seeker",
    "enter_strangers_relative",
    "give_consent",
    "give_seat",
    "hand_over_seat",
    "merge_persons",
    "note_paper",
    "note_paper_seen",
    "note_strangers_consents",
    "office_for",
    "reactivate_account",
    "remove_holiday",
    "remove_representative",
    "remove_tie",
    "reset_second_factor",
    "revoke_token",
    "serve_districts",
    "set_persons_choices",
    "settle_complaint",
    "take_down_person",
    "update_help_seeker",
    "update_office",
    "update_person",
    "withdraw_consent",
    "withdraw_paper",
]
