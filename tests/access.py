"""What lets someone in, and how a row of the table of addresses says it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from accounts.models import Role
from tests.things import Things


class Access(Enum):
    """What lets someone in."""

    PUBLIC = auto()
    SIGNED_IN = auto()
    STAFF = auto()
    WHOLE_TREE = auto()
    DEVICE = auto()


Parts = Callable[[Things], Mapping[str, Any]]


@dataclass(frozen=True)
class Row:
    """Who may open an address, and how to build it for an object of some unit."""

    access: Access
    role: Role | None = None
    at: Parts | None = None
    data: Parts | None = None


def public(at: Parts | None = None, data: Parts | None = None) -> Row:
    return Row(Access.PUBLIC, at=at, data=data)


def signed_in(at: Parts | None = None, data: Parts | None = None) -> Row:
    return Row(Access.SIGNED_IN, at=at, data=data)


def staff(role: Role, at: Parts | None = None, data: Parts | None = None) -> Row:
    return Row(Access.STAFF, role, at, data)


def whole_tree(at: Parts | None = None, data: Parts | None = None) -> Row:
    return Row(Access.WHOLE_TREE, Role.ADMIN, at, data)


def device(at: Parts | None = None) -> Row:
    return Row(Access.DEVICE, at=at)
