"""What is configured, what is wrong, and what to do about it.

Each check looks at one thing and says what it found; ``app.py`` adds the
checks of the floors above.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from core import clock, database, migrations, sqlite
from core.i18n import LOCALES, N_, catalogue, translate
from core.migrations import Standing
from core.settings import Settings, unknown

MEGABYTE = 1024 * 1024


class Grade(StrEnum):
    """How bad it is."""

    FINE = "fine"
    ADVICE = "advice"
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: a sentence, and what to do where something is to be done."""

    about: str
    grade: Grade
    sentence: str
    facts: dict[str, Any] = field(default_factory=dict)
    advice: str = ""

    def worded(self, locale: str) -> "Finding":
        """The same in the reader's language."""
        sentence = translate(self.sentence, locale, **self.facts)
        advice = translate(self.advice, locale, **self.facts) if self.advice else ""
        about = translate(self.about, locale)
        return Finding(about, self.grade, sentence, self.facts, advice)


Check = Callable[[Flask], Iterator[Finding]]

DATABASE = N_("Database")
MAIL = N_("Mail")
ADDRESS = N_("Address")
INSTALLATION = N_("Installation")

HTTPS_STEPS = N_(
    "Phones need an https address; camera and tickets do not work without one. "
    "1) Get a name, such as tuanle.example.vn, that points to this machine. "
    "2) Put Caddy or nginx with a certificate in front (docs/https.md has both, ready to copy). "
    "3) Set TUANHOC_PUBLIC_URL=https://tuanle.example.vn and TUANHOC_TRUSTED_PROXIES=1. "
    "4) Start again and open the address on a phone."
)


def command(checks: list[Check]) -> click.Command:
    """The command ``flask doctor`` with the checks of all floors."""

    @click.command("doctor")
    @click.option("--json", "as_json", is_flag=True, help="For programs.")
    @click.option("--language", type=click.Choice(LOCALES), default="vi", show_default=True)
    @with_appcontext
    def doctor(as_json: bool, language: str) -> None:
        """Say what is configured, what is wrong, and what to do."""
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
        found = [f.worded(language) for check in [*CHECKS, *checks] for f in check(app)]
        click.echo(_as_json(found) if as_json else _as_text(found, language))
        if any(f.grade is Grade.WRONG for f in found):
            raise click.exceptions.Exit(1)

    return doctor


def check_database(app: Flask) -> Iterator[Finding]:
    """Whether the database opens, fits this code, and runs on a sound SQLite."""
    settings = _settings(app)
    here = database.database()
    facts = {"where": _where(settings)}
    try:
        standing = migrations.standing(here)
    except SQLAlchemyError as fault:
        facts["kind"] = type(fault).__name__
        yield Finding(
            DATABASE,
            Grade.WRONG,
            N_("%(where)s cannot be opened (%(kind)s)."),
            facts,
            N_("Check TUANHOC_DATABASE_URL, and whether the server runs and the disk has room."),
        )
        return
    yield _STANDINGS[standing](facts)
    if here.is_sqlite and sqlite.has_reset_bug():
        yield Finding(
            DATABASE,
            Grade.ADVICE,
            N_("This SQLite is older than 3.51.3 and may damage the database in rare cases."),
            {},
            N_("Run `make setup`, which installs a newer one (pysqlite3)."),
        )


_UPGRADE = N_("Run `flask db upgrade`.")
_STANDINGS: dict[Standing, Callable[[dict[str, Any]], Finding]] = {
    Standing.CURRENT: lambda facts: Finding(
        DATABASE, Grade.FINE, N_("%(where)s fits this program."), facts
    ),
    Standing.EMPTY: lambda facts: Finding(
        DATABASE, Grade.WRONG, N_("%(where)s has no tables yet."), facts, _UPGRADE
    ),
    Standing.BEHIND: lambda facts: Finding(
        DATABASE, Grade.WRONG, N_("%(where)s is older than this program."), facts, _UPGRADE
    ),
    Standing.NEWER: lambda facts: Finding(
        DATABASE,
        Grade.WRONG,
        N_("%(where)s is newer than this program."),
        facts,
        N_("Install the later version, or restore a copy from the backups folder."),
    ),
}


def check_mail(app: Flask) -> Iterator[Finding]:
    """Whether letters leave this machine."""
    settings = _settings(app)
    if not settings.sends_mail:
        yield Finding(
            MAIL,
            Grade.ADVICE,
            N_("Mail is not sent; it is only kept in %(folder)s and in the outbox."),
            {"folder": str(settings.instance / "mail")},
            N_("Set TUANHOC_MAIL_SERVER, and where needed _PORT, _USERNAME, _PASSWORD, _SENDER."),
        )
        return
    facts = {"server": settings.mail_server, "port": settings.mail_port}
    yield Finding(MAIL, Grade.FINE, N_("Mail goes through %(server)s, port %(port)s."), facts)
    if settings.mail_sender.endswith(("@example.com", "@localhost")):
        yield Finding(
            MAIL,
            Grade.ADVICE,
            N_("The sender is still the example address %(sender)s."),
            {"sender": settings.mail_sender},
            N_("Set TUANHOC_MAIL_SENDER to an address of the office."),
        )
    if not settings.mail_use_tls:
        yield Finding(
            MAIL,
            Grade.ADVICE,
            N_("Mail goes to the server unencrypted."),
            {},
            N_("Set TUANHOC_MAIL_USE_TLS=true unless the server stands on this machine."),
        )


def check_address(app: Flask) -> Iterator[Finding]:
    """Whether phones can come here, and with their cameras."""
    settings = _settings(app)
    facts = {"address": settings.public_url}
    if settings.is_local:
        said = N_("%(address)s is known only to this machine: phones cannot reach it.")
        yield Finding(ADDRESS, Grade.ADVICE, said, facts, HTTPS_STEPS)
    elif not settings.is_https:
        said = N_("%(address)s is not https: phones will not open their cameras there.")
        yield Finding(ADDRESS, Grade.ADVICE, said, facts, HTTPS_STEPS)
    else:
        yield Finding(ADDRESS, Grade.FINE, N_("Visitors come through %(address)s."), facts)
        if not settings.trusted_proxies:
            yield Finding(
                ADDRESS,
                Grade.ADVICE,
                N_("No proxy is trusted, so every visitor seems to come from one address."),
                {},
                N_("Set TUANHOC_TRUSTED_PROXIES=1 when Caddy or nginx stands in front."),
            )


def check_installation(app: Flask) -> Iterator[Finding]:
    """Room on the disk, copies, the key, the language, misspelt settings."""
    settings = _settings(app)
    free = shutil.disk_usage(settings.instance).free // MEGABYTE
    facts = {"free": free, "folder": str(settings.instance)}
    grade = Grade.WRONG if free < 100 else Grade.ADVICE if free < 1000 else Grade.FINE
    advice = "" if grade is Grade.FINE else N_("Make room, or move TUANHOC_INSTANCE.")
    yield Finding(INSTALLATION, grade, N_("%(free)s MB free in %(folder)s."), facts, advice)
    if settings.is_sqlite:
        yield _copies(settings.instance / "backups")
    if catalogue("vi").gettext(DATABASE) == DATABASE:
        said = N_("The Vietnamese words are not compiled.")
        yield Finding(INSTALLATION, Grade.WRONG, said, {}, N_("Run `make setup`."))
    for name in unknown(os.environ):
        said = N_("%(name)s is set, but there is no such setting.")
        yield Finding(INSTALLATION, Grade.ADVICE, said, {"name": name}, N_("Check its spelling."))


def _copies(folder: Path) -> Finding:
    copies = sorted(folder.glob("*.sqlite3"), key=lambda path: path.stat().st_mtime)
    advice = N_("Copy the instance folder to another machine every day of the week.")
    if not copies:
        said = N_("There is no copy of the database in %(folder)s.")
        return Finding(INSTALLATION, Grade.ADVICE, said, {"folder": str(folder)}, advice)
    at = clock.local(datetime.fromtimestamp(copies[-1].stat().st_mtime, UTC))
    facts = {"count": len(copies), "at": f"{at:%d/%m/%Y %H:%M}"}
    said = N_("%(count)s copies of the database, the last one of %(at)s.")
    return Finding(INSTALLATION, Grade.FINE, said, facts)


CHECKS: list[Check] = [check_database, check_mail, check_address, check_installation]

_SIGNS = {Grade.FINE: "✓", Grade.ADVICE: "!", Grade.WRONG: "✗"}


def _as_text(found: list[Finding], language: str) -> str:
    lines = []
    for finding in found:
        lines.append(f"{_SIGNS[finding.grade]} {finding.about}: {finding.sentence}")
        if finding.advice:
            lines.append(f"    → {finding.advice}")
    wrong = sum(f.grade is Grade.WRONG for f in found)
    whole = N_("Nothing stops the work.") if not wrong else N_("%(wrong)s faults stop the work.")
    return "\n".join([*lines, translate(whole, language, wrong=wrong)])


def _as_json(found: list[Finding]) -> str:
    wrong = any(f.grade is Grade.WRONG for f in found)
    return json.dumps({"ok": not wrong, "findings": [asdict(f) for f in found]}, ensure_ascii=False)


def _where(settings: Settings) -> str:
    """The database without its password."""
    if settings.is_sqlite:
        return str(sqlite.path(settings.database_url))
    return f"PostgreSQL {settings.database_url.rpartition('@')[2]}"


def _settings(app: Flask) -> Settings:
    settings: Settings = app.extensions["settings"]
    return settings
