"""An import as two jobs: look what a file would do; then do all of it, or nothing."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from core import clock
from core.database import reading, transaction
from core.i18n import N_
from core.jobs import Run, Work
from core.spreadsheets import errors, writing
from core.spreadsheets.definitions import Handout, Keeper, LineRefused, Sheet
from core.spreadsheets.preview import Preview, judge, refused
from core.spreadsheets.reading import Table, read

PREVIEW = "sheet_preview"
KEEP = "sheet_keep"

READING = N_("Reading the file")
COMPARING = N_("Comparing with the present data")
KEEPING = N_("Writing into the database")


def works(sheets: Sequence[Sheet]) -> list[Work]:
    """The kinds of jobs that imports are made of."""
    by_name = {sheet.name: sheet for sheet in sheets}
    return [
        Work(PREVIEW, lambda run: _preview(by_name, run)),
        Work(KEEP, lambda run: _keep(by_name, run)),
    ]


def _preview(sheets: Mapping[str, Sheet], run: Run) -> None:
    """Say what each line would do; the file stays until somebody answers."""
    sheet, now = sheets[run.facts["sheet"]], clock.now()
    run.tell(READING, now=True)
    table = read(run.file, sheet.columns)
    with reading():
        keeper = sheet.open(run.asked_by, now)
        preview = judge(sheet, keeper, table, _looking(run))
    _show(run, preview)


def _keep(sheets: Mapping[str, Sheet], run: Run) -> None:
    """Do what was previewed, unless the data says something else by now."""
    sheet, now = sheets[run.facts["sheet"]], clock.now()
    run.tell(READING, now=True)
    table = read(run.file, sheet.columns)
    total = len(table.lines)
    run.tell(KEEPING, 0, total, now=True)
    try:
        with transaction():
            keeper, preview = _judged_again(sheet, run, table, now)
            keeper.keep(preview.entries)
            run.tell(KEEPING, total, total)
            handed = keeper.handed_over()
            run.settle(
                {"kept": True, "counts": preview.counts(), "notes": preview.notes},
                result=_packed(handed, run) if handed and handed.rows else None,
            )
    except (_Stale, LineRefused) as fault:
        run.settled = False
        _look_again(sheet, run, table, fault)


class _Stale(Exception):
    """The preview that was confirmed is not what would happen now."""


def _judged_again(sheet: Sheet, run: Run, table: Table, now: datetime) -> tuple[Keeper, Preview]:
    keeper = sheet.open(run.asked_by, now)
    preview = judge(sheet, keeper, table)
    if preview.fingerprint() != run.facts["fingerprint"] or preview.counts()["refused"]:
        raise _Stale
    return keeper, preview


def _look_again(sheet: Sheet, run: Run, table: Table, fault: Exception) -> None:
    """Show what would happen now; nothing was kept."""
    with reading():
        preview = judge(sheet, sheet.open(run.asked_by, clock.now()), table, _looking(run))
    sentence = errors.ChangedMeanwhile.sentence
    if isinstance(fault, LineRefused):
        cell = table.cell(fault.key, fault.number)
        preview = refused(preview, fault.number, cell, fault.fault)
        sentence = errors.RowsRefused.sentence
    _show(run, preview, sentence)


def _show(run: Run, preview: Preview, sentence: str = "") -> None:
    outcome = {
        "kept": False,
        "counts": preview.counts(),
        "ignored": preview.ignored,
        "notes": preview.notes,
        "fingerprint": preview.fingerprint(),
        "said": sentence,
    }
    with transaction():
        run.settle(outcome, result=preview.packed(), keeps_file=True)


def _packed(handed: Handout, run: Run) -> bytes:
    rows = [[c.write(row[c.key], "vi") for c in handed.columns] for row in handed.rows]
    return writing.as_xlsx(run.facts["sheet"], handed.columns, rows, run.facts["locale"])


def _looking(run: Run) -> Callable[[int, int], None]:
    """Tells the job how far the comparing is, its lines being read by now."""
    return lambda done, total: run.tell(COMPARING, done, total)
