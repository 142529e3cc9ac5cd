"""Days in every spelling that administrative documents use."""

from datetime import date

import pytest

from events.proposals import dates

WEEK = (date(2024, 10, 1), date(2024, 10, 7))


@pytest.mark.parametrize(
    "text",
    [
        "từ ngày 01/10/2024 đến ngày 07/10/2024",
        "từ ngày 01/10 đến ngày 07/10/2024",
        "từ ngày 01 đến 07 tháng 10 năm 2024",
        "từ ngày 01 đến hết ngày 07/10/2024",
        "từ ngày 01 tháng 10 đến ngày 07 tháng 10 năm 2024",
        "01 - 07/10/2024",
        "01-07/10",
        "từ 1/10 – 7/10",
        "(1/10 – 7/10/2024)",
        "từ ngày 01 đến ngày 07 tháng Mười năm 2024",
        "Bắt đầu từ 01/10/2024 và kết thúc vào 07/10/2024",
        "từ ngày 01.10.2024 đến ngày 07.10.2024",
        "từ mồng 1 đến mồng 7 tháng 10",
    ],
)
def test_a_range_is_understood(text: str) -> None:
    (span,) = dates.spans(text, 2024)

    assert (span.first, span.last) == WEEK


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("ngày 01 tháng 10 năm 2024", date(2024, 10, 1)),
        ("ngày 6-10-2024", date(2024, 10, 6)),
        ("sáng 2/10", date(2024, 10, 2)),
        ("lúc 7h15 ngày 30/9/2024", date(2024, 9, 30)),
        ("ngày 5 tháng chín", date(2024, 9, 5)),
    ],
)
def test_one_day_is_understood(text: str, day: date) -> None:
    (span,) = dates.spans(text, 2024)

    assert (span.first, span.last) == (day, day)


@pytest.mark.parametrize(
    "text",
    [
        "trước ngày 10/10",
        "chậm nhất ngày 10/10/2024",
        "chậm nhất là ngày 10 tháng 10 năm 2024",
        "hoàn thành trước 10/10",
        "trước 16 giờ 00 ngày 10/10/2024",
        "hạn cuối: 10/10/2024",
    ],
)
def test_a_deadline_gives_its_day_and_is_no_day_of_an_event(text: str) -> None:
    assert dates.due(text, 2024) == date(2024, 10, 10)
    assert dates.held(text, 2024) is None


@pytest.mark.parametrize(
    "text",
    [
        "Kế hoạch số 20/10/KH-UBND",
        "31/02/2024",
        "ngày 10/10 hằng năm",
        "tỷ lệ 45/100",
        "giai đoạn 2024 - 2030",
        "",
    ],
)
def test_what_only_looks_like_a_day_is_none(text: str) -> None:
    assert dates.spans(text, 2024) == []


def test_a_day_without_a_year_is_unknown_when_nothing_says_the_year() -> None:
    assert dates.spans("ngày 01/10", None) == []


def test_two_days_joined_by_and_are_both() -> None:
    (span,) = dates.spans("ngày 03 và 04/10/2024", None)

    assert (span.first, span.last) == (date(2024, 10, 3), date(2024, 10, 4))
