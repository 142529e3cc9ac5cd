"""What collides: a table for each rule, and the sweep over many."""

import time
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from core import clock
from events import conflicts
from events.conflicts import ConflictKind, Fact
from events.models import ActivityKind, ActivityState, Format

DAY = date(2027, 10, 1)
EIGHT = clock.at(DAY, 8)
HOUR = timedelta(hours=1)


def a_fact(number: int = 1, starts_at: datetime = EIGHT, hours: float = 2, **facts: Any) -> Fact:
    ends_at = facts.pop("ends_at", starts_at + hours * HOUR)
    known: dict[str, Any] = {
        "id": number,
        "slug": f"hoat-dong-{number}",
        "title": f"Hoạt động {number}",
        "kind": ActivityKind.TALK,
        "state": ActivityState.RELEASED,
        "format": Format.IN_PERSON,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "unit_id": 1,
        "host": "Sở A",
        "plan_id": 1,
        "plan_is_cancelled": False,
        "campaign_id": 1,
        "campaign": "Tuần lễ",
        "week": (DAY, date(2027, 10, 7)),
        "opening_on": DAY,
        "venue_id": None,
        "venue": "",
        "capacity": None,
        "seats": None,
        "contact": "",
        "is_ours": True,
        "sittings": ((starts_at, ends_at),),
    }
    return Fact(**(known | facts))


def kinds(*facts: Fact) -> list[str]:
    return [conflict.kind.value for conflict in conflicts.found(facts)]


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        (a_fact(), []),
        (a_fact(seats=50, capacity=50), []),
        (a_fact(seats=51, capacity=50), ["seats"]),
        (a_fact(seats=51, capacity=None), []),
        (a_fact(seats=51, capacity=50, format=Format.ONLINE), []),
        (a_fact(starts_at=clock.at(date(2027, 9, 30), 8)), ["outside"]),
        (a_fact(starts_at=clock.at(date(2027, 10, 8), 8)), ["outside"]),
        (a_fact(starts_at=clock.at(date(2027, 10, 7), 22), hours=4), []),
        (a_fact(starts_at=clock.at(date(2027, 10, 7), 8), hours=26), ["outside"]),
        (a_fact(kind=ActivityKind.BANNER, starts_at=clock.at(date(2027, 9, 25)), hours=300), []),
        (a_fact(kind=ActivityKind.BANNER, starts_at=clock.at(date(2027, 9, 25))), ["outside"]),
        (a_fact(plan_is_cancelled=True), ["cancelled_plan"]),
        (a_fact(plan_is_cancelled=True, state=ActivityState.DRAFT), []),
        (a_fact(kind=ActivityKind.OPENING), []),
        (a_fact(kind=ActivityKind.OPENING, opening_on=None), []),
        (a_fact(kind=ActivityKind.OPENING, opening_on=date(2027, 10, 2)), ["opening_day"]),
        (a_fact(opening_on=date(2027, 10, 2)), []),
        (a_fact(seats=9, capacity=5, state=ActivityState.CANCELLED), []),
    ],
)
def test_an_activity_against_what_is_fixed_for_it(fact: Fact, expected: list[str]) -> None:
    assert kinds(fact) == expected


HALL: dict[str, Any] = {"venue_id": 7, "venue": "Hội trường"}
LAN: dict[str, Any] = {"contact": "Bà Lan"}


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (HALL, {"starts_at": EIGHT + HOUR, **HALL}, ["venue"]),
        (HALL, {"starts_at": EIGHT + 2 * HOUR, **HALL}, []),
        (HALL, {"starts_at": EIGHT + HOUR, **HALL, "venue_id": 8}, []),
        (HALL, {"starts_at": EIGHT, **HALL, "format": Format.ONLINE}, []),
        (HALL, {"starts_at": EIGHT, **HALL, "kind": ActivityKind.BANNER}, []),
        (HALL, {"starts_at": EIGHT, **HALL, "state": ActivityState.CANCELLED}, []),
        (HALL, {"starts_at": EIGHT, **HALL, "state": ActivityState.DRAFT}, ["venue"]),
        ({}, {}, []),
        (LAN, {"contact": "bà  LAN"}, ["person"]),
        (LAN, {"contact": "Bà Lan", "unit_id": 2, "plan_id": 1}, ["person"]),
        (LAN, {"contact": "Bà Lan", "unit_id": 1, "plan_id": 2}, ["person"]),
        (LAN, {"contact": "Bà Lan", "unit_id": 2, "plan_id": 2}, []),
        (LAN, {"contact": "Bà Lan", "starts_at": EIGHT + 3 * HOUR}, []),
        (
            {"contact": "Bà Lan, 0905 123 456"},
            {"contact": "Trần Thị Lan (0905.123.456)", "unit_id": 2, "plan_id": 2},
            ["person"],
        ),
        (
            {"contact": "Lan lan@example.com"},
            {"contact": "LAN@example.com", "unit_id": 2, "plan_id": 2},
            ["person"],
        ),
        ({**HALL, **LAN}, {**HALL, **LAN}, ["person", "venue"]),
        ({"contact": "Văn phòng Sở"}, {"contact": "Văn phòng Sở"}, []),
        ({"contact": "Tô Thị Lan"}, {"contact": "Tô Thị Lan"}, ["person"]),
        (LAN, {**LAN, "hours": 9}, []),
        (HALL, {**HALL, "hours": 9}, ["venue"]),
    ],
)
def test_two_activities_at_once(
    first: dict[str, Any], second: dict[str, Any], expected: list[str]
) -> None:
    one, other = a_fact(1, **first), a_fact(2, **second)

    assert sorted(kinds(one, other)) == expected
    assert sorted(kinds(other, one)) == expected
    assert sorted(c.kind.value for c in conflicts.of(one, [one, other])) == expected


def test_several_meetings_of_the_same_two_are_one_conflict() -> None:
    days = [(EIGHT + timedelta(days=n), EIGHT + timedelta(days=n, hours=2)) for n in range(5)]
    late = [(start + HOUR, end + HOUR) for start, end in days[2:]]
    fair = a_fact(1, sittings=tuple(days), **HALL)
    class_ = a_fact(2, starts_at=late[0][0], ends_at=late[-1][1], sittings=tuple(late), **HALL)

    [conflict] = conflicts.found([fair, class_])

    assert (conflict.kind, conflict.at, conflict.times) == (ConflictKind.VENUE, late[0][0], 3)
    [same] = conflicts.of(class_, [fair])
    assert (same.key, same.at, same.times) == (conflict.key, conflict.at, 3)


def test_each_side_is_told_of_the_other() -> None:
    one, other = a_fact(1, **HALL), a_fact(2, **HALL)

    told = conflicts.by_activity(conflicts.found([one, other]))

    assert [(c.activity.id, c.other and c.other.id) for c in told[1]] == [(1, 2)]
    assert [(c.activity.id, c.other and c.other.id) for c in told[2]] == [(2, 1)]


def test_a_chain_of_overlaps_leaves_nobody_out() -> None:
    chain = [a_fact(n, starts_at=EIGHT + n * HOUR, hours=1.5, **HALL) for n in range(1, 9)]

    found = conflicts.found(chain)

    assert [tuple(sorted(f.id for f in c.both)) for c in found] == [(n, n + 1) for n in range(1, 8)]


def test_five_thousand_at_the_same_hour_and_place_are_swept_quickly() -> None:
    crowd = [a_fact(n, seats=9, capacity=5, **HALL, **LAN) for n in range(1, 5001)]

    started = time.process_time()
    found = conflicts.found(crowd)

    assert time.process_time() - started < 2
    assert {fact.id for c in found if c.kind is ConflictKind.VENUE for fact in c.both} == set(
        range(1, 5001)
    )
    assert len(found) <= 5000 * (1 + 2 * conflicts.AT_ONCE)
