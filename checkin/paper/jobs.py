"""Long lists to sign are laid out beside the web: a file of some thousand rows takes a while."""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa

from checkin.models import Registration
from checkin.paper import printing
from checkin.paper.models import PaperRow, PaperSheet
from checkin.paper.words import sheet_words
from core import clock, jobs
from core.database import reading, session, transaction
from core.errors import DomainError
from core.i18n import N_
from core.jobs import Job, Run, Work

KIND = "sign_in_sheets"
AT_ONCE = 300
"""Rows that are laid out while somebody waits: a second's work."""

GATHERING = N_("Gathering the names")
LAYING_OUT = N_("Laying out the pages")


class SomebodyErased(DomainError):
    """A person of the list asked that nothing more is known of them."""

    sentence = N_(
        "Somebody on these lists asked that their name be erased, so the file was erased at "
        "once. Please make it anew."
    )


def ask(sheets: Sequence[PaperSheet], *, asked_by: int, paths: Sequence[str], now: datetime) -> Job:
    """Have the sheets laid out; whoever holds the role over the same units may fetch the file."""
    facts = {"sheets": [sheet.id for sheet in sheets], "paths": list(paths)}
    return jobs.ask(KIND, asked_by=asked_by, facts=facts, now=now)


def forget(participants: Collection[int], now: datetime) -> int:
    """Erase the files in which one of these people stands; says how many."""
    held = sa.select(PaperRow.sheet_id).join(PaperRow.registration)
    sheets = set(session().scalars(held.where(Registration.participant_id.in_(participants))))
    under_way = Job.state.in_(jobs.UNDER_WAY)
    found = jobs.latest().where(Job.kind == KIND, sa.or_(under_way, Job.result.is_not(None)))
    said = [job for job in session().scalars(found) if sheets.intersection(job.facts["sheets"])]
    for job in said:
        jobs.fail(job, SomebodyErased(), now)
    return len(said)


def _lay_out(run: Run) -> None:
    numbers: list[int] = run.facts["sheets"]
    with reading():
        sheets = printing.kept(numbers)
        facts = printing.facts(
            sheets, sheet_words(), lambda done, total: run.tell(GATHERING, done, total)
        )
    rows = sum(sheet.rows for sheet in sheets)
    run.tell(LAYING_OUT, now=True)
    made = printing.laid_out(facts, now=sheets[0].printed_at)
    with transaction():
        run.settle({"rows": rows, "made_at": clock.now().isoformat()}, result=made)


WORKS = [Work(KIND, _lay_out)]
