"""Senders and clocks killed with -9 in the middle: nothing lost, nothing doubled unexplained."""

import os
import random
from pathlib import Path

import pytest

from tests.notifications import chaos
from tests.notifications.sender_process import LENGTH

pytestmark = pytest.mark.slow


@pytest.fixture
def seed() -> int:
    """A new one each time, printed with the figures; ``SEED`` repeats a run."""
    return int(os.environ.get("SEED") or random.randrange(10**6))


def _hold(figures: chaos.MailFigures) -> None:
    """What is promised, whatever happened."""
    assert sum(figures.states[state] for state in chaos.FINAL) == figures.letters
    assert (figures.lost, figures.twice_held, figures.unexplained) == (0, 0, 0)
    assert figures.ambiguous <= figures.causes
    assert figures.unlisted == 0


def test_killed_senders_lose_nothing_and_double_nothing_but_in_doubt(
    database_url: str, tmp_path: Path, seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = chaos.mail(database_url, tmp_path, letters=300, kills=8, seed=seed, limit=150)

    with capsys.disabled():
        print(f"\n{figures}")
    assert figures.kills >= 3
    _hold(figures)


def test_killed_and_frozen_clocks_miss_no_slot_and_fill_none_twice(
    database_url: str, tmp_path: Path, seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    lease = LENGTH.total_seconds()
    figures = chaos.clocks(database_url, tmp_path, blows=7, seed=seed, lease=lease)

    with capsys.disabled():
        print(f"\n{figures}")
    assert (figures.missing, figures.doubled) == (0, 0)
    assert figures.worst <= figures.allowed
    assert figures.slots >= 7
    assert figures.clocks >= 2


@pytest.mark.soak
def test_a_hundred_thousand_letters_under_fire(
    database_url: str, tmp_path: Path, seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    letters, kills = int(os.environ.get("LETTERS", "100000")), int(os.environ.get("KILLS", "240"))
    figures = chaos.mail(
        database_url, tmp_path, letters=letters, kills=kills, seed=seed, limit=5400
    )

    with capsys.disabled():
        print(f"\n{figures}\n{dict(figures.faults)}")
    assert figures.kills >= min(kills, 200)
    _hold(figures)


@pytest.mark.soak
def test_clocks_whose_leader_is_struck_every_few_seconds(
    database_url: str, tmp_path: Path, seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    blows, lease = int(os.environ.get("BLOWS", "100")), LENGTH.total_seconds()
    figures = chaos.clocks(
        database_url, tmp_path, blows=blows, seed=seed, lease=lease, pause=(3.0, 7.0)
    )

    with capsys.disabled():
        print(f"\n{figures}")
    assert (figures.missing, figures.doubled) == (0, 0)
    assert figures.worst <= figures.allowed
