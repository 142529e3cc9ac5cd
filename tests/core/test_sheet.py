"""What is taken away as a table opens right and runs nothing."""

import csv
from io import StringIO

import pytest

from core.sheet import as_csv, harmless


def test_the_file_is_utf8_with_a_mark_and_crlf() -> None:
    content = as_csv([["Đơn vị", "Lượt"], ["Sở, phòng", 1127]])

    assert content == '\ufeffĐơn vị,Lượt\r\n"Sở, phòng",1127\r\n'.encode()


def test_what_was_written_is_read_back() -> None:
    row = ["Dòng một\ndòng hai", '"trích"', "=1+1"]

    [read] = csv.reader(StringIO(as_csv([row]).decode("utf-8-sig"), newline=""))

    assert read == ["Dòng một\ndòng hai", '"trích"', "'=1+1"]


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\ta", "\ra", "＝1", "＠a", " @a", "-"])
def test_a_mark_stands_before_what_a_sheet_would_run(text: str) -> None:
    assert harmless(text) == f"'{text}"


def test_numbers_and_words_are_left_alone() -> None:
    assert [harmless(c) for c in (-3, "Sở", "", "1=1")] == [-3, "Sở", "", "1=1"]
