"""What is said of the evidence that a row meets."""

from checkin.models import Grade
from core.i18n import N_

GRADES: dict[Grade, str] = {
    Grade.STAFF_SCAN: N_("a scan of the ticket"),
    Grade.ROTATING_SELF_SCAN: N_("the code on the screen"),
    Grade.ONLINE_LINK: N_("the online link"),
    Grade.STATIC_SELF_SCAN: N_("the code on the poster"),
    Grade.PAPER: N_("paper"),
    Grade.HEADCOUNT: N_("a head count"),
    Grade.ESTIMATE: N_("an estimate"),
    Grade.DECLARED: N_("a declaration"),
}
