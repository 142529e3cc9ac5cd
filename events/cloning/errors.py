"""What a take-over refuses, and why."""

from core.errors import DomainError
from core.i18n import N_


class NotEarlier(DomainError):
    """A week is taken over from an earlier one."""

    sentence = N_("Please choose a week that lies before the new one.")


class NothingThere(DomainError):
    """The units had no plan in that week."""

    sentence = N_("%(unit)s had no plan in the week of %(year)s.")


class TakenOverMeanwhile(DomainError):
    """Someone else took the same rows over in this very moment."""

    sentence = N_("Someone is taking over the same plan just now; please look again.")


class NothingToUndo(DomainError):
    """Nothing was kept, or it was taken back before."""

    sentence = N_("Nothing was made by this take-over that could be taken back.")
