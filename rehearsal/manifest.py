"""What someone who rehearses must know: sign-ins, a scanner, tickets, and what to expect."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from accounts import passwords
from accounts.models import Account, Grant, Role, Unit
from checkin.models import Device, Registration
from checkin.tokens import ticket_secret
from core import clock
from rehearsal.generator import Week

_WORKS = {
    Role.ADMIN: "Quản trị",
    Role.ORGANISER: "Tổ chức",
    Role.REPORTER: "Báo cáo",
    Role.OBSERVER: "Theo dõi",
    Role.STEWARD: "Trực cửa",
}


def staff(units: list[Unit], *, seed: int, now: datetime) -> list[tuple[Account, str]]:
    """One account for each role on the root and on the first unit below it, with passwords."""
    rng = Random(f"staff {seed}")  # noqa: S311  made-up, not secret
    made = []
    for unit in units[:2]:
        for role in Role:
            password = f"dien-tap-{rng.getrandbits(40):010x}"
            account = Account(
                email=f"{role.value}.{unit.code}@example.com",
                full_name=f"{_WORKS[role]} {unit.short_name}",
                password_hash=passwords.hashed(password),
                session_stamp=f"{rng.getrandbits(64):016x}",
                created_at=now,
            )
            account.grants.append(Grant(role=role, unit=unit))
            made.append((account, password))
    return made


def scanner(root: Unit, *, seed: int, now: datetime) -> tuple[Device, str]:
    """A scanner for everything below the root, and its token."""
    rng = Random(f"scanner {seed}")  # noqa: S311  made-up, not secret
    token = f"{rng.getrandbits(256):064x}"
    device = Device(
        name="Máy quét diễn tập",
        token_hash=hashlib.sha256(token.encode()).hexdigest(),
        unit_id=root.id,
        created_at=now,
        expires_at=now + timedelta(days=400),
    )
    return device, token


def written(week: Week, accounts: Iterable[tuple[Account, str]], token: str) -> dict[str, Any]:
    """The manifest as JSON values."""
    return {
        "year": week.campaign.year,
        "root_unit": week.units[0].code,
        "device": {"token": token},
        "accounts": [
            {
                "email": account.email,
                "password": password,
                "role": account.grants[0].role.value,
                "unit": account.grants[0].unit.code,
            }
            for account, password in accounts
        ],
        "activities": [
            {
                "slug": activity.slug,
                "counting": activity.counting.value,
                "starts_at": clock.local(activity.starts_at).isoformat(),
                "ends_at": clock.local(activity.ends_at).isoformat(),
                "state": activity.state.value,
                "doors": doors,
            }
            for activity, doors in week.activities
        ],
        "tickets": [_ticket(registration) for registration in week.registrations],
        "expected": {
            "luot": week.expected.luot,
            "nguoi": week.expected.nguoi,
            "by_activity": week.expected.by_activity,
            "messages_due": week.expected.messages_due,
        },
    }


def _ticket(registration: Registration) -> dict[str, str]:
    return {
        "secret": ticket_secret(registration),
        "activity": registration.activity.slug,
        "state": registration.standing.value,
    }
