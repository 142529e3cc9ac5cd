"""What standings, groups and answers are called, as sentences to translate."""

from checkin.models import Group, ScanStatus, Standing
from core.i18n import N_

GROUPS: dict[Group, str] = {
    Group.STAFF: N_("Civil servants and staff"),
    Group.TEACHER: N_("Teachers"),
    Group.LEARNER: N_("Pupils and students"),
    Group.RESIDENT: N_("Residents"),
    Group.DELEGATE: N_("Delegates"),
}

STANDINGS: dict[Standing, tuple[str, str]] = {
    Standing.CONFIRMED: (N_("Seat kept"), "ok"),
    Standing.WAITING: (N_("In the waiting list"), "wait"),
    Standing.WITHDRAWN: (N_("Withdrawn"), "plain"),
}
"""Each standing in words, with the tone that a badge shows it in."""

NOT_COUNTED: dict[ScanStatus, tuple[str, str, str]] = {
    ScanStatus.INVALID: (
        "stop",
        N_("This code is not known"),
        N_("Please scan the code at the venue again, or type the letters printed under it."),
    ),
    ScanStatus.REVOKED: (
        "wait",
        N_("The code on the screen has changed"),
        N_("Nothing was recorded. Please scan the code that is shown now."),
    ),
    ScanStatus.CANCELED: (
        "stop",
        N_("This activity was cancelled"),
        N_("Nothing was recorded. The programme shows the other activities of the week."),
    ),
    ScanStatus.WRONG_ACTIVITY: (
        "stop",
        N_("This activity is not counted with this code"),
        N_("Nothing was recorded. Please ask the organisers at the entrance."),
    ),
    ScanStatus.TOO_EARLY: (
        "wait",
        N_("It is not time yet"),
        N_("Recording begins at %(time)s on %(day)s."),
    ),
    ScanStatus.TOO_LATE: (
        "stop",
        N_("Recording has ended"),
        N_("It ended at %(time)s on %(day)s. Those who were there may tell the organisers."),
    ),
}
"""Why a press of the button was not counted: tone, title, what to do."""
