"""What checkin refuses, each named by the fact."""

from core.errors import DomainError
from core.i18n import N_


class RegistrationClosed(DomainError):
    """Seats are not given any more, or never were."""

    sentence = N_("This activity does not take registrations now.")


class AlreadyRegistered(DomainError):
    """Someone with this address has a seat, or stands in line for one."""

    sentence = N_("This e-mail address already has a registration for this activity.")


class AlreadyWithdrawn(DomainError):
    """The seat was given back before."""

    sentence = N_("This registration was withdrawn before.")


class NotCounted(DomainError):
    """The activity is not counted by heads."""

    sentence = N_("This activity is not counted by a head count.")


class NameIsTaken(DomainError):
    """Two people of one address would become one."""

    sentence = N_("Somebody else with this address has this name already.")
    status = 422


class NothingAttended(DomainError):
    """There is nothing that a certificate could say."""

    sentence = N_("No attendance of this week is recorded here.")
