"""How an attendance came about, which agreement is which, and what verifying found, in words."""

from checkin import notice
from checkin.models import Grade
from checkin.passport.certificates import Holds
from core.i18n import N_

RECORDED: dict[Grade, str] = {
    Grade.STAFF_SCAN: N_("ticket scanned at the door"),
    Grade.ROTATING_SELF_SCAN: N_("code on the screen scanned"),
    Grade.ONLINE_LINK: N_("followed online"),
    Grade.STATIC_SELF_SCAN: N_("poster scanned"),
    Grade.PAPER: N_("signed on paper"),
}
"""How an attendance of one person can have been recorded; heads are counted without persons."""

PURPOSES: dict[str, tuple[str, str]] = {
    notice.SEAT: (
        N_("My name is kept with my registrations and attendances"),
        N_(
            "Without this the name cannot be kept: it is erased everywhere at once, as described "
            "below under erasing. This cannot be undone."
        ),
    ),
    notice.ATTENDANCE: (
        N_("My name is kept with the attendance that I recorded by phone"),
        N_(
            "Without this the name cannot be kept: it is erased everywhere at once, as described "
            "below under erasing. This cannot be undone."
        ),
    ),
    notice.REMINDERS: (
        N_("I am reminded by e-mail the day before"),
        N_("No reminder is sent from now on. Letters about changes still come."),
    ),
    notice.SHOWN_NAME: (
        N_("Whoever verifies my certificate sees my full name"),
        N_("From now on the page of verification shows initials only."),
    ),
}
"""Each purpose as the person reads it, and what taking the agreement back does."""

HOLDS: dict[Holds, tuple[str, str, str]] = {
    Holds.YES: (
        "ok",
        N_("This certificate is genuine"),
        N_("Please compare what stands here with the paper."),
    ),
    Holds.CHANGED: (
        "warn",
        N_("Part of this certificate holds no more"),
        N_("An attendance that it names was taken back after it was issued; it is marked below."),
    ),
    Holds.NAMELESS: (
        "warn",
        N_("This certificate was issued here; its name cannot be compared any more"),
        N_("Names are erased within 90 days after the report of the week."),
    ),
    Holds.REVOKED: (
        "stop",
        N_("This certificate was taken back"),
        N_("Its holder took it back. It confirms nothing any more."),
    ),
    Holds.ERASED: (
        "stop",
        N_("This certificate confirms nothing any more"),
        N_("Its holder asked that their name be erased. Nothing about them is kept here."),
    ),
}
"""What verifying found: tone, title, sentence."""
