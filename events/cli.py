"""Commands of events."""

import json
import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from core.i18n import DEFAULT_LOCALE
from events.proposals import document, reading, summary
from events.proposals.errors import UnreadableDocument
from events.proposals.proposal import Proposal

group = AppGroup("events", help="Commands of events.")

NO_PLAN = 2
"""The exit status when the text was read and is no plan."""


@group.command("import-plan")
@click.argument("file")
@click.option("--json", "as_json", is_flag=True, help="Print the whole proposal as one object.")
@click.pass_context
def import_plan(context: click.Context, file: str, *, as_json: bool) -> None:
    """Say what a plan document (.docx or text) holds; needs no database and writes none.

    FILE is a path, or - for standard input. The exit status is 2 when the text is no plan.
    """
    proposal = _read(file)
    if as_json:
        click.echo(json.dumps(proposal.to_json(), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(summary.lines(proposal)))
    if proposal.campaign is None:
        click.echo(proposal.warnings[0].text, err=True)
        context.exit(NO_PLAN)


def _bytes(file: str) -> bytes:
    """What the file or standard input holds, one byte more than is taken at most."""
    if file == "-":
        return sys.stdin.buffer.read(document.LARGEST + 1)
    with Path(file).open("rb") as source:
        return source.read(document.LARGEST + 1)


def _read(file: str) -> Proposal:
    """The proposal, or one line on standard error that says why there is none."""
    try:
        return reading.read(document.from_bytes(_bytes(file)))
    except OSError as fault:
        raise click.ClickException(f"{file}: {fault.strerror or fault}") from None
    except ValueError:
        raise click.ClickException(f"{file!r} is no path of a file") from None
    except UnreadableDocument as refusal:
        raise click.ClickException(refusal.text(DEFAULT_LOCALE)) from None
