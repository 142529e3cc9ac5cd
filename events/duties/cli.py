"""Commands about duties."""

import click
from flask.cli import AppGroup

from core import clock, files
from core.commands import one_line
from core.database import reading
from events.duties import keeping

group = AppGroup("duties", help="Commands about duties.")


@group.command("sweep-photos")
@click.option("--dry-run", is_flag=True, help="Only say which files would go.")
def sweep_photos(dry_run: bool) -> None:
    """Delete pictures older than a day that no photo names; the clock does it every night."""
    with one_line(), reading():
        gone = keeping.orphans(clock.now())
    for key in gone:
        click.echo(key)
        if not dry_run:
            files.delete(key)
    click.echo(f"{len(gone)} {'would be ' if dry_run else ''}deleted", err=True)
