"""What imports still keep of a person goes with their name: files, previews, ways back.

They are kept for a day at most. A file in which a word of the person's stands is erased whole,
rather kept too little than too long; an import that was not confirmed yet ends with it.
"""

import html
import io
import re
import zipfile
import zlib
from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from core import archive, jobs
from core.database import session
from core.errors import DomainError
from core.i18n import N_
from core.jobs import Job
from core.spreadsheets.importing import KINDS
from core.text import folded

_END_OF_CELL = re.compile(r"</(?:\w+:)?(?:si|is|c|v)>")
_MARKUP = re.compile(r"<[^>]+>")


class SomebodyErased(DomainError):
    """A person of the table asked that nothing more is known of them."""

    sentence = N_(
        "Somebody in this table asked that their name be erased, so the file was erased at once "
        "and nothing was changed. Please bring it in again without them."
    )


def forget(sheet: str, words: Collection[str], now: datetime) -> int:
    """Erase what imports of a table keep in which one of these words stands; says how many."""
    wanted = "|".join(re.escape(folded(word)) for word in words if folded(word))
    if not wanted:
        return 0
    pattern = re.compile(rf"(?<!\w)(?:{wanted})(?!\w)")
    kept = sa.or_(*(part.is_not(None) for part in (Job.file, Job.result, Job.past)))
    found = session().scalars(sa.select(Job).where(Job.kind.in_(KINDS), kept)).all()
    return sum(_forget(job.id, pattern, now) for job in found if job.facts["sheet"] == sheet)


def _forget(number: int, pattern: re.Pattern[str], now: datetime) -> bool:
    held = jobs.with_files(sa.select(Job).where(Job.id == number)).with_for_update()
    job = session().scalars(held.execution_options(populate_existing=True)).one()
    parts = [part for part in (job.file, job.result, job.past) if part]
    if not any(pattern.search(_said(part)) for part in parts):
        return False
    if job.outcome.get("kept"):
        job.file = job.result = job.past = None
    else:
        jobs.fail(job, SomebodyErased(), now)
    session().flush()
    return True


def _said(content: bytes) -> str:
    """The letters of a file, however they are packed, as they are searched."""
    if content.startswith(archive.MAGIC):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            parts = [book.read(name) for name in book.namelist() if name.endswith(".xml")]
        marked = " ".join(part.decode("utf-8", "replace") for part in parts)
        return folded(html.unescape(_MARKUP.sub("", _END_OF_CELL.sub(" ", marked))))
    try:
        return folded(zlib.decompress(content).decode())
    except zlib.error:
        is_wide = b"\0" in content[:200]
        return folded(content.decode("utf-16" if is_wide else "utf-8", "replace"))
