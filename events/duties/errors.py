"""What the rules of duties refuse."""

from core.errors import DomainError
from core.i18n import N_


class PlanNotIssued(DomainError):
    """Duties are handed out from a plan that stands."""

    sentence = N_("This plan is not issued yet, so its duties cannot be handed out.")


class NothingToHandOut(DomainError):
    """Every unit has been told already."""

    sentence = N_("Every duty of this plan was handed out before.")


class NobodyNamed(DomainError):
    """A duty is somebody's."""

    sentence = N_("Please name at least one unit.")
    status = 422


class NothingToChase(DomainError):
    """The unit has answered and is not late, or was never told."""

    sentence = N_("%(unit)s has no duty that is late or without an answer.")


class ChasedToday(DomainError):
    """Once a day and no more."""

    sentence = N_("%(unit)s was reminded today already; please wait until tomorrow.")


class TooMuchEvidence(DomainError):
    """A duty is shown by a handful of things."""

    sentence = N_("This duty has %(most)s pieces of evidence already; please take one out first.")


class NothingHandedIn(DomainError):
    """A piece of evidence shows something."""

    sentence = N_("Please choose a photo, or type a link or a number.")
    status = 422


class InspectedInFuture(DomainError):
    """What was found is written down afterwards."""

    sentence = N_("The day of the inspection is still ahead.")
    status = 422
