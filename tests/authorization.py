"""Who may open which address: one row for each endpoint of the application.

A new route needs a line in ``ROWS``, or ``tests/test_authorization.py`` fails:

    "plans.show": staff(Role.ORGANISER, lambda its: {"number": its.plan.id}),

- ``public()``: everybody. ``signed_in()``: everybody of the staff, about oneself only.
- ``staff(role)``: those who hold the role anywhere; a page about no single object.
- ``staff(role, at)``: those who hold it where the object is. ``at`` gives the parts of
  the address for an object of one unit; ``its`` is a ``Things``, which makes what is
  asked for and nothing else. Add a property there when a feature has a new object.
- ``device()``: those who bring a device's token, whoever is signed in.
- ``data`` is what is posted. What the rows describe is tried with it as it is, so that
  a form may well come back with its faults (400) or a rule refuse (409): that is being
  let in. Being kept out is 404, or the sign-in page for strangers.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cached_property
from typing import Any

from accounts.models import Account, Role, Unit
from checkin.models import Device, Registration
from events.models import Activity, Campaign, Plan
from notifications.models import Message, MessageState
from tests.factories import LONG_AGO, a_message, a_plan, a_registration, an_account, an_activity


class Things:
    """The objects of one unit, each made when it is first asked for."""

    def __init__(self, unit: Unit, campaign: Campaign, keep: Callable[..., Any]) -> None:
        self.unit = unit
        self._campaign = campaign
        self._keep = keep

    @cached_property
    def account(self) -> Account:
        """A person with two roles on the unit."""
        roles = (Role.ORGANISER, self.unit), (Role.STEWARD, self.unit)
        kept: Account = self._keep(an_account(*roles))
        return kept

    @cached_property
    def plan(self) -> Plan:
        """The plan of the unit."""
        kept: Plan = self._keep(a_plan(campaign=self._campaign, unit=self.unit))
        return kept

    @cached_property
    def activity(self) -> Activity:
        """An activity of the plan, released."""
        kept: Activity = self._keep(an_activity(plan=self.plan))
        return kept

    @cached_property
    def registration(self) -> Registration:
        """A seat at the activity."""
        kept: Registration = self._keep(a_registration(activity=self.activity))
        return kept

    @cached_property
    def device(self) -> Device:
        """A scanner of the unit."""
        kept: Device = self._keep(
            Device(
                name="Máy quét",
                token_hash=f"hash-{self.unit.id}",
                unit_id=self.unit.id,
                created_at=LONG_AGO,
                expires_at=LONG_AGO,
            )
        )
        return kept

    @cached_property
    def message(self) -> Message:
        """A letter of the unit that was refused."""
        kept: Message = self._keep(a_message(unit=self.unit, state=MessageState.DEAD))
        return kept


class Access(Enum):
    """What lets someone in."""

    PUBLIC = auto()
    SIGNED_IN = auto()
    STAFF = auto()
    DEVICE = auto()


Parts = Callable[[Things], Mapping[str, Any]]


@dataclass(frozen=True)
class Row:
    """Who may open an address, and how to build it for an object of some unit."""

    access: Access
    role: Role | None = None
    at: Parts | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


def public(at: Parts | None = None, **data: Any) -> Row:
    return Row(Access.PUBLIC, at=at, data=data)


def signed_in(at: Parts | None = None, **data: Any) -> Row:
    return Row(Access.SIGNED_IN, at=at, data=data)


def staff(role: Role, at: Parts | None = None, **data: Any) -> Row:
    return Row(Access.STAFF, role, at, data)


def device(at: Parts | None = None) -> Row:
    return Row(Access.DEVICE, at=at)


def _unit(its: Things) -> Mapping[str, Any]:
    return {"code": its.unit.code}


def _account(its: Things) -> Mapping[str, Any]:
    return {"number": its.account.id}


def _grant(its: Things) -> Mapping[str, Any]:
    return {"number": its.account.id, "grant": its.account.grants[0].id}


CORE = {
    "static": public(lambda _: {"filename": "favicon.svg"}),
    "core.favicon": public(),
    "core.healthz": public(),
    "core.readyz": public(),
    "core.set_locale": public(),
    "styleguide.show": public(),
}
ACCOUNTS = {
    "accounts.sign_in": public(),
    "accounts.enter": public(),
    "accounts.sign_out": public(),
    "accounts.own": signed_in(),
    "accounts.password": signed_in(),
    "accounts.change_password": signed_in(),
    "accounts.end_sessions": signed_in(),
    "units.index": staff(Role.ORGANISER),
    "units.show": staff(Role.ORGANISER, _unit),
    "units.new": staff(Role.ADMIN, _unit),
    "units.create": staff(Role.ADMIN, _unit),
    "units.edit": staff(Role.ADMIN, _unit),
    "units.update": staff(Role.ADMIN, _unit),
    "units.place": staff(Role.ADMIN, _unit),
    "units.move": staff(Role.ADMIN, _unit),
    "staff.index": staff(Role.ADMIN),
    "staff.new": staff(Role.ADMIN),
    "staff.create": staff(Role.ADMIN),
    "staff.show": staff(Role.ADMIN, _account),
    "staff.give_role": staff(Role.ADMIN, _account),
    "staff.take_role": staff(Role.ADMIN, _grant),
    "staff.close": staff(Role.ADMIN, _account),
    "staff.reopen": staff(Role.ADMIN, _account),
    "staff.give_password": staff(Role.ADMIN, _account),
    "staff.log": staff(Role.ADMIN),
}
NOTIFICATIONS: dict[str, Row] = {
    "notifications.index": staff(Role.ORGANISER),
    "notifications.show": staff(Role.ORGANISER, lambda its: {"number": its.message.id}),
    "notifications.retry": staff(Role.ORGANISER, lambda its: {"number": its.message.id}),
}
EVENTS: dict[str, Row] = {}
CHECKIN: dict[str, Row] = {}
REPORTS: dict[str, Row] = {}

ROWS: dict[str, Row] = {**CORE, **ACCOUNTS, **NOTIFICATIONS, **EVENTS, **CHECKIN, **REPORTS}
