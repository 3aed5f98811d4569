"""What happens to messages."""

from .deliver import deliver_due, deliver_message
from .desk import send_again, settle_message
from .letters import letters_pdf, print_letters
from .post import post
from .sign_in_mails import deliver_sign_in_mail, deliver_sign_in_mails, post_sign_in_mail

__all__ = [
    "deliver_due",
    "deliver_message",
    "deliver_sign_in_mail",
    "deliver_sign_in_mails",
    "letters_pdf",
    "post",
    "post_sign_in_mail",
    "print_letters",
    "send_again",
    "settle_message",
]
