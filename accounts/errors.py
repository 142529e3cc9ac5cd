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


class ReportsInACircle(DomainError):
    """Reports that go from unit to unit must arrive somewhere."""

    sentence = N_("%(unit)s already sends its report, directly or by others, to this unit.")
    status = 400


class UnitHasEnded(DomainError):
    """Nothing new is placed under or given to a unit that is not there on the day."""

    sentence = N_("%(unit)s is not there on %(day)s.")


class NotYet(DomainError):
    """A change of the tree takes place when its day has come."""

    sentence = N_("The day %(day)s is still ahead; this can be done from that day on.")
    status = 400


class ChangePlanned(DomainError):
    """One change at a time waits for a unit."""

    sentence = N_("%(unit)s already has a change planned for %(day)s; cancel that one first.")


class ChangeSettled(DomainError):
    """What was carried out or cancelled is no longer planned."""

    sentence = N_("This change was carried out or cancelled in the meantime.")


class MovedLater(DomainError):
    """The history of the tree is written forwards."""

    sentence = N_("A unit concerned was already moved on %(day)s; please choose that day or later.")


class TreeChanged(DomainError):
    """Somebody else changed the tree between the preview and the confirmation."""

    sentence = N_("The tree was changed in the meantime; please look at the preview again.")


class UnitsBelowRemain(DomainError):
    """A unit ends when nothing stands below it any more."""

    sentence = N_("%(n)s units below are still there on that day; move, merge or close them first.")


class RootStays(DomainError):
    """The top of a tree has nothing above it that could go on."""

    sentence = N_("The top of the tree cannot be closed or merged.")


class EndsBeforeItBegan(DomainError):
    """The last day of a unit is not before its first."""

    sentence = N_("The last day must not be before %(day)s, the day on which the unit began.")
    status = 400


class MergedAlready(DomainError):
    """A unit that went into another one does not come back by itself."""

    sentence = N_("The unit was merged into %(unit)s; it cannot be reopened.")


class ComesFromItself(DomainError):
    """Of two units one is the earlier and one the later."""

    sentence = N_("%(unit)s came out of this unit; it cannot also be where it came from.")
    status = 400


class LinkedAlready(DomainError):
    """The two units are linked already."""

    sentence = N_("%(unit)s is already linked with this unit.")
    status = 400


class BeginsAfterItEnds(DomainError):
    """The first day of a unit is not after its last."""

    sentence = N_("The first day must not be after %(day)s, the last day of the unit.")
    status = 400
