"""What the rules of chasing refuse."""

from core.errors import DomainError
from core.i18n import N_


class StepsOutOfOrder(DomainError):
    """First the person, then the head, then the unit above: each on a later day."""

    sentence = N_("Each step needs a later day than the one before it.")
    status = 422


class NoDateAhead(DomainError):
    """A step whose day lies behind tells nobody anything."""

    sentence = N_("Please choose days that are still ahead.")
    status = 422
