"""What the rules of reminders refuse."""

from core.errors import DomainError
from core.i18n import N_


class UnknownField(DomainError):
    """A text asks for something that nobody fills in."""

    sentence = N_("{%(name)s} is not a field. The fields are: %(known)s.")
    status = 422


class StrayBrace(DomainError):
    """A brace that belongs to no field."""

    sentence = N_("A brace that belongs to no field: please write fields such as {activity}.")
    status = 422


class OtherAnchor(DomainError):
    """A time that the subject does not have."""

    sentence = N_("Please choose one of the times offered.")
    status = 422


class OnlyAfterwards(DomainError):
    """Who came is known only when it is over."""

    sentence = N_("Who came is known only after the end: please choose a time after it.")
    status = 422


class NobodyChosen(DomainError):
    """A reminder goes to somebody."""

    sentence = N_("Please choose who gets the reminder.")
    status = 422


class MomentPassed(DomainError):
    """A reminder at a moment that lies behind is for nobody."""

    sentence = N_("This moment has passed: please choose a later one.")
    status = 422


class QuietAllDay(DomainError):
    """Hours without an end leave no hour to write."""

    sentence = N_("The quiet hours must leave at least eight hours of the day.")
    status = 422
