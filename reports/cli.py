"""Commands of reports."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from core import clock
from core.commands import one_line
from core.database import transaction
from reports import exports, snapshots
from reports.frozen import frozen

group = AppGroup("reports", help="Commands of reports.")


@group.command("export")
@click.option("--year", type=int, required=True, help="The year of the week.")
@click.option("--unit", "code", required=True, help="The code of the unit that reports.")
@click.option("--format", "kind", type=click.Choice(list(exports.FORMATS)), required=True)
@click.option("--output", type=click.Path(path_type=Path), required=True)
def export(year: int, code: str, kind: str, output: Path) -> None:
    """Write the report of a unit and everything below it.

    Takes in every attendance committed before it began: when figures changed
    since the last snapshot it makes a new one, else it prints from that one.
    """
    with one_line(), transaction():
        unit, campaign = snapshots.get_subject(year, code)
        made = snapshots.make_snapshot(unit, campaign, actor=None, now=clock.now())
        source = frozen(made.snapshot, current_app.extensions["settings"].public_url)
    try:
        with one_line():
            _keep(output, exports.FORMATS[kind].make(source))
    except OSError as fault:
        raise click.ClickException(f"{output} cannot be written: {fault.strerror}.") from None
    click.echo(f"{output}: version {source.version}, {source.code}, SHA-256 {source.hash}")


def _keep(output: Path, content: bytes) -> None:
    """Write it whole or not at all."""
    draft = output.with_name(f".{output.name}.part")
    try:
        draft.write_bytes(content)
        draft.replace(output)
    finally:
        draft.unlink(missing_ok=True)
