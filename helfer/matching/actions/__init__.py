"""What happens to a match, in one place for all doors."""

from .agreeing import decline_match, record_consent, withdraw_match_consent
from .ending import close_request, end_match, forward_request, hold_request, withdraw_request
from .happenings import (
    block_pair,
    confirm_death,
    helper_leaves,
    note_relation,
    person_moves,
    report_death,
    undo_death,
)
from .interest import offer_help_here, say_interest, settle_interest
from .keeping_offers import offers_kept_back, offers_that_differ, rebuild_offers, repair_offers
from .lending import agree_to_lend, refuse_to_lend
from .proposing import change_terms, propose_match, withdraw_match
from .publishing import publish_offers, untrue_offers
from .publishing_wanted import publish_wanted
from .running import confirm_trial, pause_match, record_first_contact, resume_match
from .signing import reject_match, sign_match, take_back_signature
from .supervising import (
    close_incident,
    complete_check_in,
    hand_over_responsibility,
    plan_check_in,
    record_incident,
)
from .ticking import daily_tick
from .wishing import ask_for_help_there, record_call_about

__all__ = [
    "ask_for_help_there",
    "record_call_about",
    "agree_to_lend",
    "block_pair",
    "change_terms",
    "close_incident",
    "close_request",
    "complete_check_in",
    "confirm_death",
    "confirm_trial",
    "daily_tick",
    "decline_match",
    "end_match",
    "forward_request",
    "hand_over_responsibility",
    "helper_leaves",
    "hold_request",
    "note_relation",
    "offers_kept_back",
    "offers_that_differ",
    "pause_match",
    "person_moves",
    "plan_check_in",
    "propose_match",
    "publish_offers",
    "publish_wanted",
    "record_consent",
    "record_first_contact",
    "rebuild_offers",
    "record_incident",
    "refuse_to_lend",
    "reject_match",
    "repair_offers",
    "report_death",
    "resume_match",
    "offer_help_here",
    "say_interest",
    "settle_interest",
    "sign_match",
    "take_back_signature",
    "undo_death",
    "untrue_offers",
    "withdraw_match",
    "withdraw_match_consent",
    "withdraw_request",
]
