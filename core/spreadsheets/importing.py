"""An import as jobs: look what a file would do; do all of it, or nothing; take it back again.

What is to be written is worked out beside the database; the transaction that
writes it holds a few statements and ends soon, so that others hardly wait.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core import clock
from core.database import reading, session, transaction
from core.i18n import N_
from core.jobs import Job, Run, Work
from core.spreadsheets import applying, errors, writing
from core.spreadsheets import reading as tables
from core.spreadsheets.applying import Stale
from core.spreadsheets.changes import Changes, merged, packed
from core.spreadsheets.definitions import Handout, Keeper, LineRefused, Sheet
from core.spreadsheets.gathering import gathered
from core.spreadsheets.preview import Preview, judge, refused
from core.spreadsheets.reading import Table, read
from core.spreadsheets.undoing import looked

PREVIEW = "sheet_preview"
KEEP = "sheet_keep"
UNDO = "sheet_undo"
KINDS = (PREVIEW, KEEP, UNDO)

READING = N_("Reading the file")
COMPARING = N_("Comparing with the present data")
PREPARING = N_("Working out what is to be written")
KEEPING = N_("Writing into the database")
UNDOING = N_("Taking the import back")

_TRIES = 3
"""How often it is worked out anew when others write meanwhile; the last time they wait."""


def works(sheets: Sequence[Sheet]) -> list[Work]:
    """The kinds of jobs that imports are made of."""
    by_name = {sheet.name: sheet for sheet in sheets}
    return [
        Work(PREVIEW, lambda run: _preview(by_name[run.facts["sheet"]], run)),
        Work(KEEP, lambda run: _keep(by_name[run.facts["sheet"]], run)),
        Work(UNDO, lambda run: _undo(by_name[run.facts["sheet"]], run)),
    ]


def _preview(sheet: Sheet, run: Run) -> None:
    """Say what each line would do; its cells stay until somebody answers."""
    run.tell(READING, now=True)
    table = read(run.file, sheet.columns)
    run.tell(COMPARING, 0, len(table.lines), now=True)
    with reading():
        preview = judge(sheet, sheet.open(run.asked_by, clock.now()), table, _looking(run))
    _show(run, table, preview)


def _keep(sheet: Sheet, run: Run) -> None:
    """Do what was previewed, unless the data says something else by now."""
    table = tables.unpacked(run.file)
    for left in reversed(range(_TRIES)):
        try:
            _try_to_keep(sheet, run, table, is_last=not left)
        except Stale:
            run.settled = False
            if left:
                continue
            _look_again(sheet, run, table, _Otherwise())
        except (_Otherwise, LineRefused) as fault:
            run.settled = False
            _look_again(sheet, run, table, fault)
        return


@dataclass(frozen=True)
class _Ready:
    """An import worked out, down to the rows that are to be written."""

    keeper: Keeper
    preview: Preview
    changes: Changes
    past: bytes


class _Otherwise(Exception):
    """The preview that was confirmed is not what would happen now."""


def _try_to_keep(sheet: Sheet, run: Run, table: Table, *, is_last: bool) -> None:
    """Work it out beside the writers, then write it if nothing happened; the last time among them.

    Raises ``Stale`` when something happened meanwhile, ``_Otherwise`` or ``LineRefused``.
    """
    run.tell(COMPARING, 0, len(table.lines), now=True)
    if is_last:
        with transaction() as opened:
            ready = _worked_out(sheet, run, table)
            opened.expunge_all()
            _write(ready, run)
        return
    with reading():
        ready = _worked_out(sheet, run, table)
    run.tell(KEEPING, 0, len(ready.changes.rows), now=True)
    with transaction():
        if ready.keeper.mark() != ready.keeper.begun:
            raise Stale
        _write(ready, run)


def _worked_out(sheet: Sheet, run: Run, table: Table) -> _Ready:
    session().autoflush = False
    keeper = sheet.open(run.asked_by, clock.now())
    preview = judge(sheet, keeper, table, _looking(run))
    if preview.fingerprint() != run.facts["fingerprint"] or preview.counts()["refused"]:
        raise _Otherwise
    run.tell(PREPARING, now=True)
    keeper.keep(preview.entries)
    changes = gathered(session())
    return _Ready(keeper, preview, changes, packed(changes.rows, preview.told()))


def _write(ready: _Ready, run: Run) -> None:
    """The part for which others wait."""
    applying.write(ready.changes, lambda done, total: run.tell(KEEPING, done, total))
    further = ready.keeper.finish()
    past = ready.past
    if further:
        past = packed(merged(ready.changes.rows, further), ready.preview.told())
    handed = ready.keeper.handed_over()
    run.settle(
        {"kept": True, "counts": ready.preview.counts(), "notes": ready.preview.notes},
        result=_packed(handed, run) if handed and handed.rows else None,
        past=past,
    )


def _look_again(sheet: Sheet, run: Run, table: Table, fault: Exception) -> None:
    """Show what would happen now; nothing was kept."""
    with reading():
        preview = judge(sheet, sheet.open(run.asked_by, clock.now()), table, _looking(run))
    sentence = errors.ChangedMeanwhile.sentence
    if isinstance(fault, LineRefused):
        cell = table.cell(fault.key, fault.number)
        preview = refused(preview, fault.number, cell, fault.fault)
        sentence = errors.RowsRefused.sentence
    _show(run, table, preview, sentence)


def _show(run: Run, table: Table, preview: Preview, sentence: str = "") -> None:
    outcome = {
        "kept": False,
        "counts": preview.counts(),
        "ignored": preview.ignored,
        "notes": preview.notes,
        "fingerprint": preview.fingerprint(),
        "said": sentence,
    }
    with transaction():
        run.settle(outcome, result=preview.packed(), file=table.packed())


def _undo(sheet: Sheet, run: Run) -> None:
    """Put every row back as it was, or none."""
    run.tell(UNDOING, now=True)
    with transaction() as opened:
        keeper = sheet.open(run.asked_by, clock.now())
        back = looked(run.past, keeper)
        opened.expunge_all()
        if back.stuck:
            said = {"sentence": errors.CannotGoBack.sentence, "facts": {"n": len(back.stuck)}}
            result = opened.get_one(Job, run.number).result
            run.settle(run.facts["kept"] | {"said": said}, result=result, past=run.past)
            return
        applying.write(back.changes)
        keeper.returned(run.number, back.changes.rows)
        run.settle(run.facts["kept"] | {"undone": True, "said": None})


def _packed(handed: Handout, run: Run) -> bytes:
    rows = [[c.write(row[c.key], "vi") for c in handed.columns] for row in handed.rows]
    return writing.as_xlsx(run.facts["sheet"], handed.columns, rows, run.facts["locale"])


def _looking(run: Run) -> Callable[[int, int], None]:
    """Tells the job how far the comparing is, its lines being read by now."""
    return lambda done, total: run.tell(COMPARING, done, total)
