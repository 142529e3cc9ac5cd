"""What tables of the programme are refused for besides its own rules."""

from core.errors import DomainError
from core.i18n import N_


class NoWeek(DomainError):
    """Activities and duties belong to a week."""

    sentence = N_("There is no week yet, so nothing can be entered into it.")


class NoSuchVenue(DomainError):
    """No venue of this name, or two, or one that is not the asker's to choose."""

    sentence = N_(
        "There is no venue “%(name)s” to choose, or there are several; "
        "enter it as a venue first, or write the place in words."
    )


class InvitedMissing(DomainError):
    """Units are named when the activity is for them."""

    sentence = N_("Please choose the units that are invited.")


class NoSuchPlan(DomainError):
    """Duties are laid on others by a plan of the asker's units."""

    sentence = N_("“%(code)s” is no unit of yours whose plan could lay on duties.")


class CalledOffInstead(DomainError):
    """What was released is called off, so that nobody waits at a closed door."""

    sentence = N_(
        "Only a draft can be deleted. What was released is called off, with the reason, "
        "on its own page."
    )
