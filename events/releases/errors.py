"""What versions refuse, and why."""

from core.errors import DomainError
from core.i18n import N_
from events.errors import AlreadyIssued


class NothingChanged(AlreadyIssued):
    """The version that stands says all there is to say."""

    sentence = N_("Nothing has changed since version %(number)s of this plan.")


class SeenFirst(DomainError):
    """A unit above asks to see it before it goes out."""

    sentence = N_(
        "%(unit)s asks to see this plan before it is released; please lay it before them."
    )


class ChangedMeanwhile(DomainError):
    """What is answered is not what was shown."""

    sentence = N_("The plan was changed in the meantime; please look at it once more.")


class AnsweredBefore(DomainError):
    """Someone else has said it already."""

    sentence = N_("This plan has been answered already.")


class NothingToShow(DomainError):
    """There is nothing that a parent could look at."""

    sentence = N_("There is nothing new in this plan to be looked at.")


class RemarkMissing(DomainError):
    """Who gets it back must know what to do."""

    sentence = N_("Please say what is to be done; the unit will read it.")
    status = 422


class PlanCalledOff(DomainError):
    """Nothing goes out from a plan that was called off."""

    sentence = N_("This plan was called off; take it up again first.")


class NotCalledOff(DomainError):
    """Only what was called off can be taken up again."""

    sentence = N_("This plan was not called off.")
