"""What the programme refuses, and why."""

from core.errors import DomainError
from core.i18n import N_


class EndsBeforeItStarts(DomainError):
    """The end is not after the start."""

    sentence = N_("The end must come after the start.")


class RunsTooLong(DomainError):
    """One activity would have more sittings than anyone could keep."""

    sentence = N_(
        "One activity can run for %(days)s days at most; please enter a longer one in parts."
    )


class HostOutsideThePlan(DomainError):
    """The host is neither the unit of the plan nor below it."""

    sentence = N_("%(unit)s does not belong to the unit of this plan.")


class NoSeatsBelowThoseTaken(DomainError):
    """Fewer seats than people who already hold one."""

    sentence = N_("%(taken)s people already hold a seat; the number of seats cannot go below that.")


class PeopleWereRecorded(DomainError):
    """A sitting that would disappear has people recorded at it."""

    sentence = N_(
        "People have already been recorded at a sitting that would disappear; "
        "its day cannot be taken out."
    )


class NotReleased(DomainError):
    """The step is for released activities only."""

    sentence = N_("“%(title)s” is not on the programme, so this step is not needed.")


class AlreadyReleased(DomainError):
    """The activity is on the programme already, or was called off."""

    sentence = N_("“%(title)s” was released before.")


class PeopleAreRegistered(DomainError):
    """Someone holds a seat, so the activity cannot silently disappear."""

    sentence = N_(
        "%(count)s people are registered for “%(title)s”; it can be called off with a reason, "
        "but not taken back to a draft."
    )


class ReasonMissing(DomainError):
    """Those who are registered must be told why."""

    sentence = N_("Please give the reason; everyone who is registered will read it.")
    status = 422


class PlaceMissing(DomainError):
    """A visitor would not know where to go."""

    sentence = N_("“%(title)s” has no place yet: choose a venue, or say in words where it is held.")


class JoinLinkMissing(DomainError):
    """A visitor would not know where to join."""

    sentence = N_("“%(title)s” is held online but has no link to join yet.")


class AlreadyOver(DomainError):
    """What is over cannot be changed so that it lies about the past."""

    sentence = N_("“%(title)s” is over; it can no longer be moved or called off.")


class AlreadyIssued(DomainError):
    """The plan was issued before."""

    sentence = N_("This plan was issued before.")


class PlanExists(DomainError):
    """One plan for each unit and campaign."""

    sentence = N_("%(unit)s already has a plan for this week.")


class YearTaken(DomainError):
    """One week for each year."""

    sentence = N_("The week of %(year)s exists already.")


class DutyOutsideThePlan(DomainError):
    """The unit is not below the unit whose plan this is."""

    sentence = N_("%(unit)s is not below the unit of this plan, so it cannot be given a duty here.")
