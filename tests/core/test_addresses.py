"""An address is one and the same, however it was written."""

from typing import Any

import pytest
import sqlalchemy as sa
from email_validator import EmailNotValidError

from accounts.models import Unit
from checkin.models import Participant
from core import addresses
from core.database import reading, transaction
from tests.factories import LONG_AGO, a_participant, a_unit

TYPED = "  Lan.TRAN@Example.com "


def test_an_address_is_kept_in_small_letters_without_blanks_around() -> None:
    assert addresses.kept(TYPED) == "lan.tran@example.com"
    assert addresses.checked("Lan@EXAMPLE.com") == "lan@example.com"


@pytest.mark.parametrize("typed", ["", "lan", "lan@", "lan@x", "lan @example.com", "lành@x.vn"])
def test_what_no_letter_reaches_is_no_address(typed: str) -> None:
    assert not addresses.is_address(typed)
    with pytest.raises(EmailNotValidError):
        addresses.checked(typed)


def test_it_is_stored_so_by_whatever_way_it_comes(given: Any, stored: Any) -> None:
    given(a_participant(email=TYPED), a_unit(email=TYPED))
    many = {"email": TYPED, "name_folded": "", "unit_text": "", "locale": "vi"}
    with transaction() as opened:
        opened.execute(sa.insert(Participant), [{**many, "created_at": LONG_AGO}] * 2)

    rows = [*stored(Participant), *stored(Unit)]
    assert [row.email for row in rows] == ["lan.tran@example.com"] * 4


def test_it_is_found_however_it_is_asked_for(given: Any) -> None:
    given(a_participant(email="lan.tran@example.com"), a_participant(email=None))
    with reading() as opened:
        for asked in (
            Participant.email == TYPED,
            Participant.email.in_([TYPED]),
            Participant.email.contains("TRAN@"),
        ):
            assert opened.scalar(sa.select(sa.func.count()).where(asked)) == 1
