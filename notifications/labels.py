"""The words for where a message stands, as msgids, and the shape that goes with each."""

from accounts import audit
from core.i18n import N_
from notifications import folder, outbox
from notifications.models import Message, MessageState
from notifications.occasions import Doubt

STATES = {
    MessageState.QUEUED: (N_("Waiting"), "wait"),
    MessageState.CLAIMED: (N_("Being prepared"), "wait"),
    MessageState.SENDING: (N_("Being sent"), "wait"),
    MessageState.SENT: (N_("Sent"), "ok"),
    MessageState.RETRY: (N_("Will be tried again"), "warn"),
    MessageState.DEAD: (N_("Refused"), "stop"),
    MessageState.AMBIGUOUS: (N_("Unclear"), "warn"),
    MessageState.MISSED: (N_("Not sent in time"), "plain"),
    MessageState.SKIPPED: (N_("Not needed any more"), "plain"),
}
"""Word and tone of each state."""
HELD = (N_("Held back"), "warn")
KEPT = (N_("Kept on this machine"), "plain")


def standing(message: Message) -> tuple[str, str]:
    """Word and tone of a message; *sent* is only said of what left this machine."""
    if message.reason == outbox.HELD_BY_HAND and message.state in outbox.WAITING:
        return HELD
    return KEPT if message.last_answer == folder.KEPT else STATES[message.state]


audit.name(
    {
        "message.retried": N_("Message sent again by hand"),
        "message.retry": N_("Messages sent again by hand"),
        "message.hold": N_("Messages held back"),
        "message.release": N_("Messages released"),
        "message.cancel": N_("Messages called off"),
    }
)

IN_DOUBT = {
    Doubt.RESEND: N_("once more, with the same Message-ID"),
    Doubt.HOLD: N_("held until a person decides"),
}
"""What becomes of a letter of which nobody knows whether it arrived."""
