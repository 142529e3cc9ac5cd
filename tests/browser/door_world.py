"""A door of the provincial library, its steward, and tickets."""

from accounts.models import Role
from tests.factories import (
    DURING,
    a_participant,
    a_plan,
    a_registration,
    a_unit,
    an_account,
    an_activity,
)


def a_steward(given, at):
    """Somebody at the door of an activity that is on; ``activity`` is that one."""
    at(DURING)
    unit = a_unit(name="Thư viện tỉnh")
    activity = an_activity(plan=a_plan(unit=unit), place="Sảnh tầng 1", title="Ngày hội sách")
    account = an_account((Role.STEWARD, unit))
    given(activity, account)
    account.activity = activity
    return account


def a_ticket(given, steward, name):
    """A seat at the steward's activity."""
    return given(a_registration(activity=steward.activity, participant=a_participant(name)))
