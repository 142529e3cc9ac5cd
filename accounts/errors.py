"""What accounts refuse, each named by the fact."""

from core.errors import DomainError
from core.i18n import N_


class NotRecognised(DomainError):
    """No open account has this address and this password; which of them is wrong stays unsaid."""

    sentence = N_("The e-mail address or the password is not right.")
    status = 400


class WrongPassword(DomainError):
    """The present password, asked once more, was not right."""

    sentence = N_("The present password is not right.")
    status = 400


class WeakPassword(DomainError):
    """A password that is too short or too easy to guess."""

    sentence = N_("The password needs at least %(least)s characters and must not be easy to guess.")
    status = 400


class WrongAddress(DomainError):
    """Not an e-mail address that letters reach."""

    sentence = N_("%(address)s is not a complete e-mail address, such as an.nguyen@example.vn.")
    status = 400


class AddressTaken(DomainError):
    """Another account signs in with this address."""

    sentence = N_("An account with the address %(email)s exists already.")


class CodeTaken(DomainError):
    """Another unit has this code."""

    sentence = N_("Another unit has the code %(code)s.")


class TreeHasRoot(DomainError):
    """The tree has begun: further units are made at the desk."""

    sentence = N_("There is no unit with the code %(code)s.")


class UnitBelowItself(DomainError):
    """A unit cannot stand under itself or under one of its own units."""

    sentence = N_("%(unit)s cannot be placed under itself or under one of its own units.")


class ReportsToItself(DomainError):
    """A unit sends its report to another one."""

    sentence = N_("A unit cannot send its report to itself.")
    status = 400


class GrantExists(DomainError):
    """The account holds this role on this unit already."""

    sentence = N_("This account already has this role for %(unit)s.")


class LastGrant(DomainError):
    """Without any role nobody would be in charge of the account."""

    sentence = N_("This is the only role of the account. Close the account instead.")


class LastAdministrator(DomainError):
    """Somebody must remain who can let others in."""

    sentence = N_("This is the last administrator of the whole tree; appoint another one first.")


class OwnAccount(DomainError):
    """What an administrator cannot do to the account in use."""

    sentence = N_("This cannot be done to the account in use. Please ask another administrator.")


class RolesElsewhere(DomainError):
    """The account also works for units outside the administrator's part of the tree."""

    sentence = N_(
        "This account also has roles in units outside your part of the tree; "
        "only an administrator above both can do this."
    )
