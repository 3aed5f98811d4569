"""What happens to messages."""

from .deliver import deliver_due, deliver_message
from .desk import send_again, settle_message
from .letters import letters_pdf, print_letters
from .post import post

__all__ = [
    "deliver_due",
    "deliver_message",
    "letters_pdf",
    "post",
    "print_letters",
    "send_again",
    "settle_message",
]
