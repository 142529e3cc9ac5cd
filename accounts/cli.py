"""Commands of accounts."""

import os
import sys

import click
import sqlalchemy as sa
from flask.cli import AppGroup

from accounts import audit, passwords, queries, services
from accounts.errors import TreeHasRoot
from accounts.models import Role, Unit, UnitKind
from accounts.tree.loading import load_provinces
from core import clock
from core.commands import one_line
from core.database import session, transaction
from core.text import is_clean, nfc

group = AppGroup("accounts", help="Units, and the people who work for them.")

PASSWORD = "TUANHOC_ADMIN_PASSWORD"  # noqa: S105  the name of a variable


@group.command("create-admin")
@click.option("--email", prompt=True, help="The address to sign in with.")
@click.option("--name", prompt=True, help="The full name of the person.")
@click.option("--unit-code", prompt=True, help="The unit to administer, with all below it.")
@click.option("--unit-name", default="", help="Its name, when it is the first unit of all.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def create_admin(
    email: str, name: str, unit_code: str, unit_name: str, password_stdin: bool
) -> None:
    """Let a person administer a unit.

    The first administrator of all makes the first unit too. The password comes from
    TUANHOC_ADMIN_PASSWORD, from standard input, or is asked for.

    \b
    flask accounts create-admin --email an.nguyen@example.vn --name "Nguyễn Văn An" \\
        --unit-code ubnd-tinh --unit-name "Ủy ban nhân dân tỉnh"
    """  # noqa: D301  click reads the control character
    if not all(map(is_clean, (email, name, unit_code, unit_name))) or not name.strip():
        raise click.ClickException("The name is empty or has characters that cannot be kept.")
    password = _password(password_stdin)
    with one_line():
        passwords.require_strength(password, email)
        password_hash = passwords.hashed(password)
        with transaction():
            _create(nfc(email), nfc(name), password_hash, _unit(nfc(unit_code), nfc(unit_name)))
    click.echo(f"{email} may now sign in at /sign-in and administers {unit_code}.")


@group.command("load-provinces")
@click.option("--under", required=True, help="The code of the unit to put them under.")
def load_all_provinces(under: str) -> None:
    """Load the provinces, of today and before.

    Makes the 34 of today and the 29 that were merged into them on 1 July 2025, each linked
    with the one that it went into. What is there stays as it is; doing it twice adds nothing.
    """
    with one_line(), transaction():
        unit = session().scalar(queries.unit_by_code(nfc(under)))
        if unit is None:
            raise TreeHasRoot(code=under)
        done = load_provinces(unit)
        facts = {"units": done.made}
        audit.record(None, unit, "unit.created", f"unit:{unit.code}", facts, clock.now())
    click.echo(f"{done.made} units made, {done.linked} linked with what they went into.")


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if PASSWORD in os.environ:
        return os.environ[PASSWORD]
    asked: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return asked


def _unit(code: str, name: str) -> Unit:
    unit = session().scalar(queries.unit_by_code(code))
    if unit is not None:
        return unit
    if session().scalar(sa.select(Unit.id).limit(1)) is not None:
        raise TreeHasRoot(code=code)
    unit = services.create_unit(parent=None, code=code, name=name or code, kind=UnitKind.PROVINCE)
    audit.record(None, unit, "unit.created", f"unit:{code}", {"code": code}, clock.now())
    return unit


def _create(email: str, name: str, password_hash: str, unit: Unit) -> None:
    account = services.create_account(
        email=email,
        full_name=name,
        password_hash=password_hash,
        grants=[(Role.ADMIN, unit)],
        now=clock.now(),
    )
    facts = {"role": Role.ADMIN}
    audit.record(None, unit, "account.created", f"account:{account.id}", facts, clock.now())
