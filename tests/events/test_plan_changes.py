"""No rule knows a document: what is understood follows when names and numbers are others."""

import json
import os
from random import Random, SystemRandom

import pytest

from events.proposals.document import from_bytes
from tests.events.plan_changes import Changes
from tools.accuracy import HALVES, PLANS, plans, understood

SEED = int(os.environ.get("PLAN_SEED") or SystemRandom().randrange(1_000_000))
CASES = [
    pytest.param(path, id=f"{half}-{path.stem}")
    for half in ("given", *HALVES)
    for path, _truth in plans(PLANS / half)
]


def _changes(path, turn):
    names = json.loads((path.parent / "names.json").read_text())[path.stem]
    text = "\n".join(line.text for line in from_bytes(path.read_bytes()).lines)
    return Changes(text, names, Random(f"{SEED} {turn}"))


@pytest.mark.parametrize("turn", range(2))
@pytest.mark.parametrize("path", CASES)
def test_the_result_follows_when_every_name_and_number_is_another(path, turn) -> None:
    print(f"PLAN_SEED={SEED}")
    changes = _changes(path, turn)
    raw = path.read_bytes()
    assert understood(changes.file(raw)) == changes.result(understood(raw))


def test_replacing_is_consistent() -> None:
    changes = Changes(
        "từ ngày 01 đến ngày 07/10/2025, số 12/KH-UBND, Lạng Sơn, ngày 30 tháng 9 năm 2025",
        {"province": ["Lạng Sơn"]},
        Random(4),
    )
    told = changes.text("LẠNG SƠN, ngày 01/10/2025; số 12/KH-UBND")
    name = changes.text("Lạng Sơn")
    assert name != "Lạng Sơn"
    assert told.startswith(name.upper())
    day = changes.result("2025-10-01")
    assert f"ngày {day[8:]}/{day[5:7]}/{day[:4]}" in told
    assert f"số {changes.number('12')}/KH-UBND" in told
