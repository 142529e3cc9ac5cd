"""An occasion for tests: accounts are welcomed; a closed account is not due any more."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from jinja2 import ChoiceLoader, DictLoader

from accounts.models import Account, Grant
from app import create_app
from core.database import session
from core.settings import Settings
from notifications.occasions import Attachment, Doubt, Letter, Occasion
from tests.conftest import SECRET

LATER = datetime(2099, 1, 1, tzinfo=UTC)

WORDS = {
    "subject.txt": "Chào {{ name }}",
    "text.txt": '{% extends "emails/_layout.txt" %}{% block content %}'
    "Kính gửi {{ name }},\n.một dòng bắt đầu bằng dấu chấm{% endblock %}",
    "html.html": '{% extends "emails/_layout.html" %}'
    '{% from "emails/_parts.html" import heading %}'
    "{% block content %}{{ heading(name) }}{% endblock %}",
}
TEMPLATES = {
    f"emails/{name}/{part}": text
    for name in ("welcome", "once", "again")
    for part, text in WORDS.items()
}


def audience(since: datetime, now: datetime) -> sa.Select[Any]:
    unit = sa.select(sa.func.min(Grant.unit_id)).where(Grant.account_id == Account.id)
    return sa.select(
        Account.id,
        Account.email,
        unit.scalar_subquery(),
        sa.literal(0),
        Account.created_at,
        sa.func.coalesce(Account.closed_at, sa.literal(LATER)),
        Account.locale,
    ).where(Account.created_at > since, Account.created_at <= now)


def still_due(subject: str, revision: int, now: datetime) -> bool:
    account = session().get(Account, int(subject))
    return account is not None and account.closed_at is None


def compose(subject: str, locale: str) -> Letter:
    account = session().get_one(Account, int(subject))
    attachment = Attachment("lich.ics", "text/calendar; charset=utf-8", b"BEGIN:VCALENDAR\r\n")
    return Letter({"name": account.full_name}, [attachment])


WELCOME = Occasion("welcome", audience, still_due, compose, link=lambda subject: "/desk/")


def of_parity(remainder: int) -> Any:
    """The same for every second account."""
    return lambda since, now: audience(since, now).where(Account.id % 2 == remainder)


ONCE = replace(WELCOME, name="once", audience=of_parity(0), in_doubt=Doubt.HOLD)
AGAIN = replace(WELCOME, name="again", audience=of_parity(1), in_doubt=Doubt.RESEND)
"""Both ways with a letter in doubt, for half of all accounts each."""


def welcoming(app: Flask, *occasions: Occasion) -> Flask:
    """The application with the test's occasions alone."""
    chosen = occasions or (WELCOME,)
    app.extensions["occasions"] = {occasion.name: occasion for occasion in chosen}
    if not isinstance(app.jinja_loader, ChoiceLoader):
        of_the_house = app.jinja_loader
        assert of_the_house is not None
        app.jinja_loader = ChoiceLoader([DictLoader(TEMPLATES), of_the_house])
    return app


def office(database_url: str, instance: Path, *, port: int = 0, **facts: Any) -> Flask:
    """An application of its own, as a process of its own makes it."""
    served: dict[str, Any] = {
        "mail_server": "127.0.0.1",
        "mail_port": port,
        "mail_use_tls": False,
    }
    settings = Settings(
        instance=instance,
        secret_key=SECRET,
        database_url=database_url,
        **(served | facts if port else {}),
    )
    return welcoming(create_app(settings))
