"""Everything the scanner says, in the language of its page: it has nobody to ask offline."""

import re
from typing import Any

from checkin.models import ScanStatus
from core.i18n import N_, translate

TITLES = {
    ScanStatus.OK: N_("Please come in"),
    ScanStatus.INVALID: N_("Not a ticket"),
    ScanStatus.REVOKED: N_("Replaced ticket"),
    ScanStatus.CANCELED: N_("Cancelled"),
    ScanStatus.UNAPPROVED: N_("No seat yet"),
    ScanStatus.WRONG_ACTIVITY: N_("Another activity"),
    ScanStatus.TOO_EARLY: N_("Too early"),
    ScanStatus.TOO_LATE: N_("Too late"),
    ScanStatus.ALREADY_REDEEMED: N_("Already used"),
    ScanStatus.RULES: N_("Turned away"),
}
"""The one word that fills the screen."""

PROVISIONAL = N_("Come in, to be confirmed")
"""The same for who is unknown while there is no connection."""

TROUBLES = {
    "exit": (N_("Gone out"), ""),
    "unavailable": (
        N_("Not recorded"),
        N_("The server is busy. Please scan again in a moment."),
    ),
    "unauthenticated": (
        N_("This scanner is not paired"),
        N_("Nothing was recorded. Please pair it again."),
    ),
    "malformed": (
        N_("Not readable"),
        N_("This code cannot be a ticket."),
    ),
    "accents": (
        N_("Vietnamese typing is on"),
        N_("It changes what a hand scanner types. Please turn it off and scan again."),
    ),
    "kept": (
        N_("Not kept"),
        N_("This device keeps nothing any more. Please use another one or paper."),
    ),
}
"""What the scanner says when the door did not judge."""


Sentence = str | tuple[str, str]
"""What is said; of one thing otherwise than of several where there are two."""


def words(locale: str) -> dict[str, Any]:
    """Titles, troubles and sentences for the page; what is filled in later stands in braces."""

    def say(sentence: str) -> str:
        places = {name: f"{{{name}}}" for name in _PLACE.findall(sentence)}
        return translate(sentence, locale, **places) if sentence else ""

    def say_of(sentence: Sentence) -> str | list[str]:
        return say(sentence) if isinstance(sentence, str) else [say(one) for one in sentence]

    titles = {status.value: say(title) for status, title in TITLES.items()}
    sentences = {**_STRIP, **_OFFLINE, **_PEOPLE, **_RECENT, **_AFTER}
    return {
        "titles": {**titles, "provisional": say(PROVISIONAL)},
        "troubles": {name: [say(title), say(text)] for name, (title, text) in TROUBLES.items()},
        "words": {name: say_of(sentence) for name, sentence in sentences.items()},
    }


_PLACE = re.compile(r"%\((\w+)\)s")
_STRIP: dict[str, Sentence] = {
    "online": N_("Online"),
    "offline": N_("No connection, still scans"),
    "unpaired": N_("Not paired"),
    "all": N_("All activities"),
    "some": (N_("%(count)s activity chosen"), N_("%(count)s activities chosen")),
    "admitted": N_("%(count)s admitted here"),
    "none": N_("none yet"),
    "never": N_("not yet"),
    "size": N_("%(size)s of %(whole)s"),
    "ago": N_("%(span)s ago"),
    "now": N_("just now"),
    "right": N_("right"),
    "ahead": N_("%(span)s ahead"),
    "behind": N_("%(span)s behind"),
    "seconds": N_("%(count)s s"),
    "minutes": N_("%(count)s min"),
    "hours": N_("%(count)s h"),
    "days": (N_("%(count)s day"), N_("%(count)s days")),
    "no_camera": N_("The camera cannot be used. Please type the code or use a hand scanner."),
    "insecure": N_("The camera needs an https address. Please type the code."),
    "light_on": N_("Light on"),
    "light_off": N_("Light off"),
}
_OFFLINE = {
    "kept": N_("Kept on this device, to be sent by itself."),
    "offline_ok": "",
    "offline_provisional": N_(
        "The ticket is not on this device: it is checked once there is a connection."
    ),
    "offline_revoked": N_("This ticket was replaced: the newest one is needed."),
    "offline_canceled": N_("This ticket no longer holds: the seat was cancelled."),
    "offline_unapproved": N_("On the waiting list: no seat was confirmed."),
    "offline_wrong_activity": N_(
        "This ticket is for another activity: “%(title)s”, at %(starts_at)s."
    ),
    "offline_too_early": N_("Too early: attendance is recorded from %(opens_at)s."),
    "offline_too_late": N_("Too late: attendance was recorded until %(closed_at)s."),
    "first_here": N_("Already used at %(time)s at this door."),
    "first_there": N_("Already used at %(time)s, %(device)s."),
}
_PEOPLE = {
    "three": N_("Please type three letters or more."),
    "needs_net": N_("Searching needs a connection. Please type the code of the ticket."),
    "nobody": N_("Nobody of that name holds a seat here."),
    "came": N_("came at %(time)s"),
    "waits": N_("on the waiting list"),
    "welcome": N_("Recorded"),
    "walk_in": N_("Recorded at %(time)s."),
    "group": N_(
        "%(name)s: %(enrolled)s enrolled, %(present)s present",
    ),
    "group_bare": N_("%(name)s: %(present)s present"),
    "too_many": N_("More are present than are enrolled."),
    "pick": N_("Please choose an activity."),
    "missing_group": N_("Please write the name of the group and how many are present."),
    "missing": N_("Please write a name, or choose “Without giving a name”."),
}
_RECENT: dict[str, Sentence] = {
    "last": N_("Last: %(what)s, %(time)s"),
    "recent_entry": N_("Ticket without a name"),
    "recent_exit": N_("Ticket without a name, going out"),
    "recent_walk_in": N_("Without a ticket"),
    "recent_group": (N_("Group of %(count)s person"), N_("Group of %(count)s people")),
    "until": N_("%(time)s, may be taken back until %(until)s"),
    "take_back": N_("Take back"),
    "taken_back": N_("Taken back: %(what)s."),
    "gone": N_("Taken back"),
    "again": N_("Record again"),
}
_AFTER: dict[str, Sentence] = {
    "sent": (N_("%(count)s record was sent."), N_("%(count)s records were sent.")),
    "all_agree": (N_("The server agrees."), N_("The server agrees with all of them.")),
    "differ": (
        N_("%(count)s was settled otherwise."),
        N_("%(count)s of them were settled otherwise."),
    ),
    "leave_waiting": (
        N_(
            "%(count)s record has not been sent yet. It stays on this device, closed to all but "
            "the server, and is sent when the device is paired again."
        ),
        N_(
            "%(count)s records have not been sent yet. They stay on this device, closed to all but "
            "the server, and are sent when the device is paired again."
        ),
    ),
    "wrong_code": N_("This pairing code does not hold any more."),
    "agrees": N_("The server agrees."),
    "said_ok": N_("let in at the door"),
    "said_provisional": N_("let in at the door, to be confirmed"),
    "said_refused": N_("turned away at the door"),
    "said_taken_back": N_("taken back at the door"),
}
