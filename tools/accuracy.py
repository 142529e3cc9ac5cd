"""How well plans are understood: precision, recall and F1 of every field, for each folder.

``python -m tools.accuracy`` reads the example plans: those that the rules were
written against (open) and those that they were not (blind). Other folders may be
named instead: each plan ``NAME.txt`` or ``NAME.docx`` stands beside the
``NAME.expected.json`` that says what a careful person finds in it.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from events.proposals.document import from_bytes
from events.proposals.reading import read
from tools.scoring import Json, Scores, Tally, nothing, score

PLANS = Path(__file__).parent.parent / "tests" / "events" / "plans"
HALVES = ("open", "blind")
_TRUTH = ".expected.json"


def plans(folder: Path) -> Iterator[tuple[Path, Json]]:
    """Each plan of a folder with what is to be found in it."""
    for truth in sorted(folder.glob(f"*{_TRUTH}")):
        name = truth.name.removesuffix(_TRUTH)
        found = [path for path in sorted(folder.glob(f"{name}.*")) if path != truth]
        if found:
            yield found[0], json.loads(truth.read_text())


def understood(raw: bytes) -> Json:
    """What the import finds in a document, as its command prints it."""
    return read(from_bytes(raw)).to_json()


def scores(folder: Path) -> Scores:
    """The fields of all plans of a folder, counted."""
    counted = nothing()
    for path, truth in plans(folder):
        score(understood(path.read_bytes()), truth, counted)
    return counted


def overall(counted: Scores) -> Tally:
    """All fields together, each value counting as one."""
    whole = Tally()
    for tally in counted.values():
        whole.join(tally)
    return whole


def main(arguments: list[str] | None = None) -> int:
    """Print one line for each field; 1 when a folder has no plans."""
    parser = argparse.ArgumentParser(prog="python -m tools.accuracy", description=__doc__)
    parser.add_argument("folder", nargs="*", type=Path, help="instead of the example plans")
    parser.add_argument("--each", action="store_true", help="each plan alone, with what is wrong")
    asked = parser.parse_args(arguments)
    for folder in asked.folder or [PLANS / half for half in HALVES]:
        known = list(plans(folder))
        if not known:
            sys.stderr.write(f"{folder}: no plan with its {_TRUTH}\n")
            return 1
        if asked.each:
            for path, truth in known:
                counted = nothing()
                score(understood(path.read_bytes()), truth, counted)
                _print(path.stem, counted, wrong=True)
        _print(f"{folder.name}: {len(known)} plans", scores(folder))
    return 0


def _print(title: str, counted: Scores, *, wrong: bool = False) -> None:
    sys.stdout.write(f"{title}\n  {'field':<22}{'precision':>10}{'recall':>8}{'F1':>6}   of\n")
    for field, tally in [*counted.items(), ("all fields", overall(counted))]:
        if not tally.found and not tally.there:
            continue
        sys.stdout.write(
            f"  {field:<22}{tally.precision:>10.2f}{tally.recall:>8.2f}{tally.f1:>6.2f}"
            f"{tally.there:>5}\n"
        )
        if wrong:
            sys.stdout.writelines(f"      {line[:200]}\n" for line in tally.wrong)


if __name__ == "__main__":
    sys.exit(main())
