"""What the settlement says of scans that do not count."""

from checkin.models import ScanStatus
from core.i18n import N_

REFUSALS: dict[ScanStatus, str] = {
    ScanStatus.INVALID: N_("Not a ticket"),
    ScanStatus.REVOKED: N_("Replaced ticket"),
    ScanStatus.CANCELED: N_("Cancelled"),
    ScanStatus.UNAPPROVED: N_("No seat yet"),
    ScanStatus.WRONG_ACTIVITY: N_("Another activity"),
    ScanStatus.TOO_EARLY: N_("Too early"),
    ScanStatus.TOO_LATE: N_("Too late"),
    ScanStatus.RULES: N_("Turned away at the door"),
}
