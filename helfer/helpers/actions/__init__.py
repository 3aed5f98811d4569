"""What happens to helpers and their proofs, in one place for all doors."""

from .certifying import (
    delete_due_inspections,
    issue_certificate,
    revoke_certificate,
    submit_certificate,
    verify_certificate,
)
from .entering import enter_helper
from .importing import import_helpers, preview_helpers
from .listing import hide_card, show_card
from .offering import HandedIn, OfferedHelp, offer_help
from .pausing import add_pause, end_pause
from .profiles import (
    HelperDetails,
    activate_helper,
    help_only_for,
    mark_left,
    move_helper,
    note_remark,
    record_interview,
    register_again,
    register_helper,
    reject_helper,
    update_profile,
)
from .reminding import remind_of_certificates

__all__ = [
    "HandedIn",
    "HelperDetails",
    "OfferedHelp",
    "activate_helper",
    "add_pause",
    "delete_due_inspections",
    "end_pause",
    "enter_helper",
    "help_only_for",
    "hide_card",
    "import_helpers",
    "issue_certificate",
    "mark_left",
    "move_helper",
    "note_remark",
    "offer_help",
    "preview_helpers",
    "record_interview",
    "register_again",
    "register_helper",
    "reject_helper",
    "remind_of_certificates",
    "revoke_certificate",
    "show_card",
    "submit_certificate",
    "update_profile",
    "verify_certificate",
]
