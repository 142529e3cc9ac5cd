"""Web servers, clocks and workers on one PostgreSQL, any of them killed: 0 lost, 0 doubled."""

import os
import random
from datetime import timedelta
from pathlib import Path

import pytest

from core import clock
from tests.checkin.outside import installed
from tests.factories import an_activity
from tests.notifications.workers import machines

pytestmark = pytest.mark.slow


@pytest.fixture
def seed() -> int:
    """A new one each time, printed with the figures; ``SEED`` repeats a run."""
    return int(os.environ.get("SEED") or random.randrange(10**6))


@pytest.fixture
def slug(workers_url: str, given, tmp_path: Path) -> str:
    """An activity of next week that gives seats."""
    soon = clock.now() + timedelta(days=7)
    installed(workers_url, tmp_path)
    return str(given(an_activity(starts_at=soon)).slug)


def _hold(figures: machines.Figures) -> None:
    assert figures.fallen == []
    assert (figures.lost_seats, figures.doubled_seats) == (0, 0)
    assert (figures.lost, figures.doubled) == (0, 0)
    assert figures.in_doubt <= figures.kills["worker"]


def test_any_machine_may_be_killed_and_each_letter_goes_out_once(
    workers_url: str, slug: str, tmp_path: Path, seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = machines.run(workers_url, tmp_path, slug, people=30, blows=4, seed=seed)

    with capsys.disabled():
        print(f"\n{figures}")
    _hold(figures)


@pytest.mark.soak
def test_machines_under_a_hundred_blows(
    workers_url: str, slug: str, tmp_path: Path, seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    people, blows = int(os.environ.get("PEOPLE", "3000")), int(os.environ.get("BLOWS", "100"))
    figures = machines.run(
        workers_url, tmp_path, slug,
        people=people, blows=blows, seed=seed, freezes=0.15, limit=1800, pause=(0.5, 3.0),
    )  # fmt: skip

    with capsys.disabled():
        print(f"\n{figures}")
    _hold(figures)
