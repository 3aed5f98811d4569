"""What happens to a request, in one place for all doors."""

from .asking import AskedBy, AskedForHelp, ask_for_help
from .clarifying import HealthConsent, TriageFacts, open_request, record_paper_consent
from .details import RequestDetails
from .importing import import_requests, preview_requests
from .intake import Caller, record_call
from .listing import list_request, unlist_request
from .naming import name_helper
from .settling import (
    close_request,
    forward_request,
    hold_request,
    move_request,
    note_outcome,
    reopen_request,
    withdraw_request,
)
from .submitting import EDITABLE, submit_request, update_request

__all__ = [
    "EDITABLE",
    "AskedBy",
    "AskedForHelp",
    "Caller",
    "HealthConsent",
    "RequestDetails",
    "TriageFacts",
    "ask_for_help",
    "close_request",
    "forward_request",
    "hold_request",
    "import_requests",
    "list_request",
    "move_request",
    "name_helper",
    "note_outcome",
    "open_request",
    "record_call",
    "preview_requests",
    "record_paper_consent",
    "reopen_request",
    "submit_request",
    "unlist_request",
    "update_request",
    "withdraw_request",
]
