"""The order of Vietnamese names, with the numbers that stand in them."""

import random

import pytest

from core.text import sort_key


@pytest.mark.parametrize(
    "ordered",
    [
        ["Tổ dân phố số 2", "Tổ dân phố số 10", "Tổ dân phố số 100"],
        ["Phường 3", "Phường 12", "Phường An Hải"],
        ["Khối 1 phố 10", "Khối 2 phố 1", "Khối 2 phố 9"],
        ["Trường số 1", "Trường số 1A", "Trường số 1B", "Trường số 2"],
        ["Xã 9", "Xã 9 A", "Xã 10"],
        ["Hòa", "Hoà 1", "Hoàng"],
        ["da", "dà", "dả", "dã", "dá", "dạ", "đa"],
        [f"Thôn {number}" for number in (0, 5, 10**3, 10**9, 10**14)],
    ],
)
def test_names_are_ordered_by_letters_then_numbers_then_tones(ordered: list[str]) -> None:
    mixed = list(ordered)
    random.Random(7).shuffle(mixed)

    assert sorted(mixed, key=sort_key) == ordered


def test_noughts_in_front_of_a_number_do_not_count() -> None:
    assert sort_key("Tổ 02") == sort_key("Tổ 2") < sort_key("Tổ 010")


def test_a_sign_stands_before_a_number_and_a_number_before_a_letter() -> None:
    assert sort_key("Tổ-") < sort_key("Tổ1") < sort_key("Tổa")
