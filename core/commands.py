"""The commands of the house itself, ``flask db …``, and how every command refuses: in one line."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.exc import DBAPIError, OperationalError

from core import clock, database, migrations, search_keeping
from core.errors import DomainError
from core.migrations import DatabaseIsNewer, RowsWentMissing, Standing
from core.settings import Settings

group = AppGroup("db", help="The shape of the database.")


@contextmanager
def one_line() -> Iterator[None]:
    """Tell in one line what a rule refuses, or why the database cannot be used."""
    try:
        if migrations.standing(database.database()) is Standing.NEWER:
            raise click.ClickException(str(DatabaseIsNewer()))
        yield
    except DomainError as refusal:
        raise click.ClickException(str(refusal)) from None
    except DBAPIError as fault:
        reason = str(fault.orig).partition("\n")[0]
        raise click.ClickException(
            f"the database cannot be used: {reason}. Run: flask db upgrade"
        ) from None


@group.command("upgrade")
def upgrade() -> None:
    """Keep a copy, then bring the database up to this program."""
    settings: Settings = current_app.extensions["settings"]
    try:
        done = migrations.upgrade(
            database.database(), backups=settings.instance / "backups", now=clock.now()
        )
    except (DatabaseIsNewer, RowsWentMissing) as fault:
        raise click.ClickException(str(fault)) from None
    except OperationalError as fault:
        reason = str(fault.orig).splitlines()[0]
        raise click.ClickException(f"the database cannot be opened: {reason}") from None
    if done.copy is not None:
        click.echo(f"Kept a copy: {done.copy}")
    if done.changed:
        with database.transaction():
            search_keeping.reindex()
        click.echo(f"Upgraded the database from {done.before or 'nothing'} to {done.after}")
    else:
        click.echo(f"The database is up to date ({done.after})")


@group.command("reindex")
def reindex() -> None:
    """Write anew which words find what."""
    with one_line(), database.transaction():
        number = search_keeping.reindex()
    click.echo(f"Indexed {number} things")


@group.command("check")
def check() -> None:
    """Say whether the tables are what the models say."""
    here = database.database()
    if migrations.standing(here) is not Standing.CURRENT:
        raise click.ClickException("the database is not at this program's version")
    with here.reader.connect() as connection:
        found = migrations.differences(connection)
    if found:
        raise click.ClickException("; ".join(_told(difference) for difference in found))
    click.echo("The tables are what the models say")


def _told(difference: Any) -> str:
    """One difference in a few words: what would have to be done to which part."""
    if isinstance(difference, list):
        return ", ".join(_told(part) for part in difference)
    verb, *parts = difference
    names = [getattr(part, "name", part) for part in parts if part is not None]
    return " ".join([verb, *(str(name) for name in names[:4])])
