"""Everything the scanner says, in the language of its page: it has nobody to ask offline."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from checkin.models import ScanStatus

TITLES = {
    ScanStatus.OK: lazy_gettext("Please come in"),
    ScanStatus.INVALID: lazy_gettext("Not a ticket"),
    ScanStatus.REVOKED: lazy_gettext("Replaced ticket"),
    ScanStatus.CANCELED: lazy_gettext("Cancelled"),
    ScanStatus.UNAPPROVED: lazy_gettext("No seat yet"),
    ScanStatus.WRONG_ACTIVITY: lazy_gettext("Another activity"),
    ScanStatus.TOO_EARLY: lazy_gettext("Too early"),
    ScanStatus.TOO_LATE: lazy_gettext("Too late"),
    ScanStatus.ALREADY_REDEEMED: lazy_gettext("Already used"),
    ScanStatus.RULES: lazy_gettext("Turned away"),
}
"""The one word that fills the screen."""

PROVISIONAL = lazy_gettext("Come in, to be confirmed")
"""The same for who is unknown while there is no connection."""

TROUBLES = {
    "exit": (lazy_gettext("Gone out"), ""),
    "unavailable": (
        lazy_gettext("Not recorded"),
        lazy_gettext("The server is busy. Please scan again in a moment."),
    ),
    "unauthenticated": (
        lazy_gettext("This scanner is not paired"),
        lazy_gettext("Nothing was recorded. Please pair it again."),
    ),
    "malformed": (
        lazy_gettext("Not readable"),
        lazy_gettext("This code cannot be a ticket."),
    ),
    "accents": (
        lazy_gettext("Vietnamese typing is on"),
        lazy_gettext("It changes what a hand scanner types. Please turn it off and scan again."),
    ),
    "kept": (
        lazy_gettext("Not kept"),
        lazy_gettext("This device keeps nothing any more. Please use another one or paper."),
    ),
}
"""What the scanner says when the door did not judge."""


def words() -> dict[str, Any]:
    """Titles, troubles and sentences for the page."""
    titles = {status.value: str(title) for status, title in TITLES.items()}
    return {
        "titles": {**titles, "provisional": str(PROVISIONAL)},
        "troubles": {name: [str(t), str(text)] for name, (t, text) in TROUBLES.items()},
        "words": {**_strip(), **_offline(), **_people(), **_after()},
    }


def _strip() -> dict[str, str]:
    return {
        "online": _("Online"),
        "offline": _("No connection: goes on by itself"),
        "unpaired": _("Not paired"),
        "all": _("All activities"),
        "some": _("%(count)s activities chosen", count="{count}"),
        "admitted": _("%(count)s admitted here", count="{count}"),
        "none": _("none yet"),
        "never": _("not yet"),
        "size": _("%(size)s of %(whole)s", size="{size}", whole="{whole}"),
        "ago": _("%(span)s ago", span="{span}"),
        "now": _("just now"),
        "right": _("right"),
        "ahead": _("%(span)s ahead", span="{span}"),
        "behind": _("%(span)s behind", span="{span}"),
        "seconds": _("%(count)s s", count="{count}"),
        "minutes": _("%(count)s min", count="{count}"),
        "hours": _("%(count)s h", count="{count}"),
        "no_camera": _("The camera cannot be used. Please type the code or use a hand scanner."),
        "insecure": _("The camera needs an https address. Please type the code."),
        "light_on": _("Light on"),
        "light_off": _("Light off"),
    }


def _offline() -> dict[str, str]:
    """Why the door decides as it does without a connection, and that it is kept."""
    return {
        "kept": _("Kept on this device, to be sent by itself."),
        "offline_ok": "",
        "offline_provisional": _(
            "The ticket is not on this device: it is checked once there is a connection."
        ),
        "offline_revoked": _("This ticket was replaced: the newest one is needed."),
        "offline_canceled": _("This ticket no longer holds: the seat was cancelled."),
        "offline_unapproved": _("On the waiting list: no seat was confirmed."),
        "offline_wrong_activity": _(
            "This ticket is for another activity: “%(title)s”.", title="{title}"
        ),
        "offline_too_early": _(
            "Too early: attendance is recorded from %(opens_at)s.", opens_at="{opens_at}"
        ),
        "offline_too_late": _(
            "Too late: attendance was recorded until %(closed_at)s.", closed_at="{closed_at}"
        ),
        "first_here": _("Already used at %(time)s at this door.", time="{time}"),
        "first_there": _("Already used at %(time)s, %(device)s.", time="{time}", device="{device}"),
    }


def _people() -> dict[str, str]:
    """Looking for somebody, walk-ins and groups."""
    return {
        "three": _("Please type three letters or more."),
        "needs_net": _("Searching needs a connection. Please type the code of the ticket."),
        "nobody": _("Nobody of that name holds a seat here."),
        "came": _("came at %(time)s", time="{time}"),
        "waits": _("on the waiting list"),
        "welcome": _("Recorded"),
        "walk_in": _("Recorded at %(time)s.", time="{time}"),
        "group": _(
            "%(name)s: %(enrolled)s enrolled, %(present)s present",
            name="{name}",
            enrolled="{enrolled}",
            present="{present}",
        ),
        "group_bare": _("%(name)s: %(present)s present", name="{name}", present="{present}"),
        "too_many": _("More are present than are enrolled."),
        "pick": _("Please choose an activity."),
        "missing_group": _("Please write the name of the group and how many are present."),
        "missing": _("Please write a name, or choose “Without giving a name”."),
    }


def _after() -> dict[str, str]:
    """After the connection came back, and when one leaves."""
    return {
        "sent": _("%(count)s records were sent.", count="{count}"),
        "all_agree": _("The server agrees with all of them."),
        "differ": _("%(count)s of them were settled otherwise.", count="{count}"),
        "leave_waiting": _(
            "%(count)s records have not been sent yet. They stay on this device and are sent "
            "when it is paired again.",
            count="{count}",
        ),
        "wrong_code": _("This pairing code does not hold any more."),
        "agrees": _("The server agrees."),
        "said_ok": _("let in at the door"),
        "said_provisional": _("let in at the door, to be confirmed"),
        "said_refused": _("turned away at the door"),
    }
