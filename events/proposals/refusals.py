"""What the review of a document refuses, and why."""

from core.errors import DomainError
from core.i18n import N_


class NothingToRead(DomainError):
    """Neither a file nor a text was given."""

    sentence = N_("Please choose a file or paste the text of the document.")
    status = 422


class EmptyFile(DomainError):
    """The file has not one byte."""

    sentence = N_("This file is empty. Choose another one, or copy the text into the box below.")
    status = 422


class TooLong(DomainError):
    """No plan has so many words."""

    sentence = N_("The document is longer than %(n)s letters; please take in one plan at a time.")
    status = 422


class NotOpen(DomainError):
    """A plan came of it already, or it was put aside."""

    sentence = N_("Nothing can be decided about this document any more.")


class CannotBeDropped(DomainError):
    """Without this part there is no plan."""

    sentence = N_("This part cannot be left out: there is no plan without it.")


class NotYetComplete(DomainError):
    """Something is missing in a part, so it cannot be kept."""

    sentence = N_("Something is still missing here; please fill it in first.")
    status = 422


class StillOpen(DomainError):
    """Parts wait for a decision."""

    sentence = N_("%(count)s parts are not decided yet.")


class NothingKept(DomainError):
    """Every part was dropped."""

    sentence = N_("Nothing was kept, so there is nothing to make a plan of.")


class WeekMissing(DomainError):
    """There is no week for the plan, and none can be set up."""

    sentence = N_("The week of this plan has not been set up; please choose one that exists.")


class CampaignTaken(DomainError):
    """One movement for each first year."""

    sentence = N_("“%(title)s” begins in the same year already; please choose it.")
