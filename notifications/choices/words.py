"""How recipients read what kinds of letters there are, as msgids."""

from accounts import audit
from core.i18n import N_
from notifications.occasions import Kind

KINDS = {
    Kind.ASKED: N_("Answers to what was asked for: a seat, a ticket, one's own page"),
    Kind.CHANGE: N_("What was moved or cancelled"),
    Kind.REMINDER: N_("Reminders about an activity"),
    Kind.NEWS: N_("News of plans that concern the unit"),
    Kind.DUTY: N_("What the unit has undertaken, until it is done"),
}
WHY_ALWAYS = {
    Kind.ASKED: N_("These are only sent when somebody asks for them."),
    Kind.CHANGE: N_("Without these somebody would come in vain."),
    Kind.DUTY: N_("These end by themselves when it is done, reported or excused."),
}
"""Why a kind cannot be refused."""
FOR_VISITORS = (Kind.REMINDER, Kind.ASKED, Kind.CHANGE)
FOR_UNITS = (Kind.REMINDER, Kind.NEWS, Kind.DUTY, Kind.CHANGE)


def offered(kind: Kind) -> tuple[Kind, ...]:
    """The kinds that who got a letter of this one may meet."""
    return FOR_UNITS if kind in {Kind.NEWS, Kind.DUTY} else FOR_VISITORS


audit.name({"letters.lifted": N_("Letters to an address allowed again")})
