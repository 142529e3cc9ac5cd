"""Addresses are forgotten some time after the letter."""

import os
from datetime import timedelta

from core.database import transaction
from notifications.erasure import KEPT, erase, remove_letters
from notifications.models import Message
from tests.factories import DURING, a_message

LONG_AFTER = DURING + KEPT + timedelta(days=1)


def test_erase_forgets_the_address_and_keeps_the_row(given, stored) -> None:
    given(
        a_message(recipient="thu@example.com", useful_until=DURING, last_answer="250 thu@"),
        a_message(recipient="moi@example.com", useful_until=LONG_AFTER),
    )

    with transaction():
        assert erase(LONG_AFTER) == 1
    with transaction():
        assert erase(LONG_AFTER) == 0

    old, recent = stored(Message)
    assert (old.recipient, old.last_answer) == ("erased:1", "")
    assert recent.recipient == "moi@example.com"


def test_remove_letters_removes_old_files_alone(tmp_path) -> None:
    for name, moment in (("old.eml", DURING), ("new.eml", LONG_AFTER)):
        (tmp_path / name).write_text("From: a\n")
        os.utime(tmp_path / name, (moment.timestamp(), moment.timestamp()))

    assert remove_letters(tmp_path, LONG_AFTER) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["new.eml"]
