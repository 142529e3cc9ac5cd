"""Much at once: a whole year taken over, tables of five thousand rows."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from datetime import time as wall
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from accounts.models import Account, Grant, Role, Unit, UnitKind
from accounts.scope import subtree
from app import SHEETS, WORKS, create_app
from bench import world
from core import clock, database, jobs
from core.database import reading, session, transaction
from core.jobs import Job
from core.jobs_worker import Worker
from core.settings import Settings
from core.spreadsheets import writing
from core.spreadsheets.definitions import Sheet
from events.cloning import services as cloning
from events.cloning.models import Part, Shift
from events.cloning.proposal import Proposal
from events.models import (
    Activity,
    ActivityKind,
    ActivityState,
    Audience,
    Campaign,
    CampaignKind,
    Counting,
    DutyRole,
    Format,
    Theme,
)

ROWS = 5_000
TAKE_OVER, TABLE = 5, 10
"""Seconds that it may take."""


def measured(folder: Path, url: str, say: Callable[[str], None]) -> None:
    """Take five thousand activities over; then read and keep tables of as many rows."""
    ready = world.made(folder, url, 10, activities=ROWS, units=1_000)
    say(f"\nMuch at once, {url.partition(':')[0]}")
    with reading():
        this_year = session().scalars(sa.select(Campaign)).one()
        next_year = Campaign(
            kind=CampaignKind.WEEK,
            year=this_year.year + 1,
            title="Tuần lễ năm sau",
            starts_on=this_year.starts_on + timedelta(days=366),
            ends_on=this_year.ends_on + timedelta(days=366),
        )
    with transaction() as opened:
        opened.add(next_year)
    with _timed(say, f"take over {ROWS} activities", TAKE_OVER), transaction():
        root = session().scalars(sa.select(Unit).where(Unit.parent_id.is_(None))).one()
        wish = cloning.Wish(this_year, next_year, root, True, frozenset(Part), Shift.WEEKDAY)
        begun = cloning.start(wish, subtree(root), by=None, now=clock.now())
        session().flush()
        cloning.keep(Proposal(begun, subtree(root)), with_deadlines=True, now=clock.now())
    create_app(
        Settings(
            instance=folder,
            database_url=url,
            secret_key=ready.environment["TUANHOC_SECRET_KEY"],
        )
    )
    for sheet in SHEETS:
        _table(sheet, next_year.year, say)
    database.database().dispose()


def _table(sheet: Sheet, year: int, say: Callable[[str], None]) -> None:
    with reading():
        account = (
            session()
            .scalars(
                sa.select(Account).join(Grant).where(Grant.role == Role.ADMIN).order_by(Account.id)
            )
            .first()
        )
        root = session().scalars(sa.select(Unit).where(Unit.parent_id.is_(None))).one()
        open_now = (
            session()
            .scalars(
                sa.select(Activity.slug)
                .where(Activity.counting == Counting.TICKETS, Activity.ends_at > clock.now())
                .where(Activity.state == ActivityState.RELEASED)
                .order_by(Activity.id)
            )
            .first()
        )
    if account is None:
        raise SystemExit("the made-up week has no administrator")
    given = Given(root.code, year, open_now or "")
    rows = [_ROWS[sheet.name](number, given) for number in range(ROWS)]
    lines = [[column.write(row.get(column.key), "vi") for column in sheet.columns] for row in rows]
    content = writing.as_xlsx(sheet.title, sheet.columns, lines, "vi")
    worker = Worker(WORKS)
    facts = {"sheet": sheet.name, "paths": [root.path], "locale": "vi"}
    with transaction():
        job = jobs.ask(
            "sheet_preview", asked_by=account.id, facts=facts, now=clock.now(), file=content,
            file_name="bench.xlsx",
        )  # fmt: skip
    with _timed(say, f"{ROWS} {sheet.name}: read, compare, keep", TABLE), _longest_wait() as waits:
        worker.run_all()
        with transaction():
            looked = session().get_one(Job, job.id)
            told = {"fingerprint": looked.outcome["fingerprint"]}
            jobs.go_on(looked, "sheet_keep", told, now=clock.now())
        worker.run_all()
    with reading():
        kept = session().get_one(Job, job.id).outcome
    if not kept.get("kept"):
        raise SystemExit(f"the table of {sheet.name} was not kept: {kept}")
    say(f"    of it others waited at most              {max(waits):7.1f} s")


@contextmanager
def _longest_wait() -> Iterator[list[float]]:
    """How long each writing transaction lasted."""
    began: dict[int, float] = {}
    lasted: list[float] = [0.0]

    def begin(connection: sa.Connection) -> None:
        began[id(connection)] = time.perf_counter()

    def commit(connection: sa.Connection) -> None:
        lasted.append(time.perf_counter() - began.get(id(connection), time.perf_counter()))

    writer = database.database().writer
    sa.event.listen(writer, "begin", begin)
    sa.event.listen(writer, "commit", commit)
    yield lasted
    sa.event.remove(writer, "begin", begin)
    sa.event.remove(writer, "commit", commit)


@contextmanager
def _timed(say: Callable[[str], None], what: str, limit: float) -> Iterator[None]:
    began, spent = time.perf_counter(), time.process_time()
    yield
    took, spent = time.perf_counter() - began, time.process_time() - spent
    over = "" if took <= limit else f"  OVER {limit}"
    say(f"  {what:44} {took:5.1f} s, {spent:4.1f} s of the processor{over}")


@dataclass(frozen=True)
class Given:
    """What the made-up tables name."""

    root: str
    year: int
    activity: str


def _unit(number: int, given: Given) -> dict[str, Any]:
    return {
        "code": f"truong-{number}", "name": f"Trường Tiểu học số {number}",
        "short_name": f"TH {number}", "kind": UnitKind.SCHOOL, "parent": given.root,
        "reports_to": "",
        "place": "", "symbol": "", "head_title": "", "headcount": number % 50, "email": "",
        "valid_from": None,
    }  # fmt: skip


def _venue(number: int, _given: Given) -> dict[str, Any]:
    return {
        "number": None, "name": f"Hội trường {number}", "address": f"{number} Trần Phú",
        "capacity": 200, "unit": f"truong-{number}",
    }  # fmt: skip


def _activity(number: int, given: Given) -> dict[str, Any]:
    return {
        "slug": "", "title": f"Ngày hội đọc sách {number % 50}", "kind": ActivityKind.BOOKS,
        "unit": f"truong-{number}", "first_on": date(given.year, 10, 1 + number % 7),
        "starts": wall(7, 30), "last_on": None, "ends": wall(11),
        "venue": f"Hội trường {number}", "place": "", "format": Format.IN_PERSON,
        "join_link": "", "audience": Audience.EVERYONE, "invited": frozenset(),
        "counting": Counting.TICKETS, "seats": 100, "opens_before": 30, "closes_after": 30,
        "themes": frozenset({Theme.READING_CULTURE}), "contact": "", "summary": "Giới thiệu sách",
        "state": ActivityState.DRAFT,
    }  # fmt: skip


def _person(number: int, _given: Given) -> dict[str, Any]:
    return {
        "email": f"can-bo-{number}@example.com", "full_name": f"Nguyễn Văn {number}",
        "role": Role.ORGANISER, "unit": f"truong-{number}",
    }  # fmt: skip


def _duty(number: int, given: Given) -> dict[str, Any]:
    return {
        "plan": given.root, "unit": f"truong-{number}", "role": DutyRole.DO,
        "duty": f"Treo băng rôn tại cổng trường số {number}", "remark": "",
        "due_on": date(given.year, 9, 20),
    }  # fmt: skip


def _registration(number: int, given: Given) -> dict[str, Any]:
    return {
        "activity": given.activity, "name": f"Trần Thị {number}", "phone": "0912345678",
        "email": f"nguoi-{number}@example.com", "unit": f"TH {number}",
    }  # fmt: skip


_ROWS = {"units": _unit, "people": _person, "venues": _venue, "activities": _activity,
         "duties": _duty, "registrations": _registration}  # fmt: skip
