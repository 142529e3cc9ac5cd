"""What reports refuse, each named by the fact that it states."""

from core.errors import DomainError
from core.i18n import N_


class NotDeclarable(DomainError):
    """The catalogue has no such figure, or it is counted and nobody declares it."""

    sentence = N_("This figure cannot be declared.")


class ReasonMissing(DomainError):
    """A figure that stands already is changed without saying why."""

    sentence = N_("Say why this figure changes: the earlier one stays on record.")
    status = 422


class FigureOutOfRange(DomainError):
    """A figure that no unit can mean."""

    sentence = N_("Write a whole number from 0 to 999.999.999.999.")
    status = 422


class NoSuchPassage(DomainError):
    """The report has no such passage."""

    sentence = N_("The report has no such passage.")
    status = 404


class SnapshotAltered(DomainError):
    """The stored figures no longer match their hash: nothing may be printed from them."""

    sentence = N_("Snapshot %(code)s was altered after it was made. Make a new one.")


class NothingToReport(DomainError):
    """There is no such year or no such unit."""

    sentence = N_("There is no week %(year)s with a unit %(unit)s.")
    status = 404
