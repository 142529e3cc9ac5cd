"""Commands that fill an empty database with a week that is not real."""

import json
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa
from flask.cli import AppGroup

from accounts.models import Unit
from core import clock
from core.commands import one_line
from core.database import reading, session, transaction
from rehearsal import example, generator, manifest

group = AppGroup("rehearsal", help="Weeks that are not real: to measure, to train, to learn from.")


@group.command("load")
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--units", type=click.IntRange(1, 5000), default=12, show_default=True)
@click.option("--activities", type=click.IntRange(1, 20000), default=40, show_default=True)
@click.option("--people", type=click.IntRange(0, 500_000), default=400, show_default=True)
@click.option("--open-now", is_flag=True, help="Lay the week around the present moment.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
def load(seed: int, units: int, activities: int, people: int, open_now: bool, out: Path) -> None:
    """Fill an empty database with a made-up week, deterministic by seed."""
    now = clock.now()
    size = generator.Size(units, activities, people)
    with one_line():
        _require_empty()
    with one_line(), transaction():
        written = _made(size, seed=seed, open_now=open_now, now=now)
    out.write_text(json.dumps(written, ensure_ascii=False, indent=1) + "\n")
    expected = written["expected"]
    click.echo(
        f"{units} units, {activities} activities, {people} people; expected: "
        f"{expected['luot']} lượt, {expected['nguoi']} người, "
        f"{expected['messages_due']} messages; manifest in {out}"
    )


@group.command("example-weeks")
@click.option("--if-empty", is_flag=True, help="Do nothing when there are units already.")
def example_weeks(if_empty: bool) -> None:
    """Load the example: last October's week complete, next October's open for registration."""
    with one_line():
        if if_empty and not _is_empty():
            return
        _require_empty()
    with one_line(), transaction():
        years = example.load(now=clock.now())
    click.echo(f"Example weeks loaded: {years[0]} complete, {years[1]} open for registration.")


@group.command("sign-ins")
def sign_ins() -> None:
    """The example's sign-ins, when this database holds the example."""
    with one_line(), reading():
        for line in example.sign_ins():
            click.echo(line)


def _made(size: generator.Size, *, seed: int, open_now: bool, now: Any) -> dict[str, Any]:
    week = generator.draw(session(), size=size, seed=seed, now=now, open_now=open_now)
    accounts = manifest.staff(week.units, seed=seed, now=now)
    device, token = manifest.scanner(week.units[0], seed=seed, now=now)
    session().add_all([*(account for account, _password in accounts), device])
    session().flush()
    return manifest.written(week, accounts, token)


def _is_empty() -> bool:
    with reading() as opened:
        return opened.scalar(sa.select(sa.func.count(Unit.id))) == 0


def _require_empty() -> None:
    if not _is_empty():
        raise click.ClickException("the database already holds units: this needs an empty one")
