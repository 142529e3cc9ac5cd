"""When units are written to about their duties, by what address, and not twice."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import render_template
from flask_babel import force_locale

from accounts.models import Role
from core import clock
from core.database import reading, session, transaction
from events import planning
from events.duties import changes, services
from events.duties.models import Chase, Handout
from events.duties.occasions import OCCASIONS
from events.models import Assignment, Plan, PlanState
from notifications.planning import BEGINNING
from tests.events.duties_world import AFTER, BEFORE, DUE, TOLD, a_world, give
from tests.factories import an_account

BY_NAME = {occasion.name: occasion for occasion in OCCASIONS}
MINUTE = timedelta(minutes=1)


@pytest.fixture
def world(given, at):
    at(TOLD)
    return a_world(given)


def heard(name: str, now: Any, since: Any = BEGINNING) -> list[Any]:
    with reading() as opened:
        asked = BY_NAME[name].audience(since, now)
        rows = [] if asked is None else opened.execute(asked).all()
    return sorted(rows, key=lambda row: row.recipient)


def still_due(name: str, row: Any, now: Any) -> bool:
    with reading():
        return BY_NAME[name].still_due(row.subject, row.revision, now)


def change(number: int, **facts: Any) -> None:
    with transaction():
        duty = session().get_one(Assignment, number)
        for name, value in facts.items():
            setattr(duty, name, value)


def test_each_unit_hears_once_of_all_that_was_handed_out(world) -> None:
    give(world, told=False)
    assert heard("duties_given", TOLD + MINUTE) == []
    give(world)

    rows = heard("duties_given", TOLD + MINUTE)

    assert [row.recipient for row in rows] == ["hoi@example.com", "phuong@example.com"]
    assert {row.due_at for row in rows} == {TOLD}
    assert all(still_due("duties_given", row, TOLD) for row in rows)
    assert heard("duties_given", TOLD + timedelta(days=30)) == []


def test_a_unit_without_an_address_is_reached_through_its_organisers(world, given) -> None:
    given(an_account((Role.ORGANISER, world.village), email="lan@example.com"))
    given(an_account((Role.ORGANISER, world.village), email="x@example.com", closed_at=TOLD))
    given(an_account((Role.REPORTER, world.village), email="y@example.com"))
    give(world)

    addresses = [row.recipient for row in heard("duties_given", TOLD + MINUTE)]

    assert addresses == ["hoi@example.com", "lan@example.com", "phuong@example.com"]


def test_a_letter_is_not_sent_when_all_is_done_or_the_plan_is_taken_back(world) -> None:
    duty, *_ = give(world)
    _, row = heard("duties_given", TOLD + MINUTE)

    change(duty.id, done_at=TOLD)
    assert not still_due("duties_given", row, TOLD)
    change(duty.id, done_at=None)
    with transaction():
        session().get(Plan, world.plan.id).state = PlanState.DRAFT
    assert not still_due("duties_given", row, TOLD)
    assert heard("duties_given", TOLD + MINUTE) == []


def test_who_carries_a_duty_is_reminded_two_days_before(world) -> None:
    duty, *_ = give(world)
    morning = clock.at(DUE - timedelta(days=2), 7, 30)

    assert heard("duties_due_soon", morning - MINUTE) == []
    [row] = heard("duties_due_soon", morning)

    assert (row.recipient, row.due_at) == ("phuong@example.com", morning)
    assert row.useful_until == clock.at(DUE + timedelta(days=1))
    assert heard("duties_due_soon", morning + MINUTE, since=morning) == []
    change(duty.id, done_at=TOLD)
    assert not still_due("duties_due_soon", row, morning)
    assert heard("duties_due_soon", morning) == []


def test_who_is_late_hears_of_it_the_morning_after_and_not_after_another_day_is_set(world) -> None:
    duty, *_ = give(world)
    morning = clock.at(DUE + timedelta(days=1), 7, 30)

    assert heard("duties_late", morning - MINUTE) == []
    [row] = heard("duties_late", morning)
    assert row.recipient == "phuong@example.com"
    change(duty.id, due_on=date(2027, 9, 30))

    assert not still_due("duties_late", row, morning)
    assert heard("duties_late", morning) == []


def test_what_was_handed_out_too_late_to_be_reminded_of_is_not(world) -> None:
    duty, *_ = give(world)
    morning = clock.at(DUE - timedelta(days=2), 7, 30)
    change(duty.id, told_at=morning + MINUTE)

    assert heard("duties_due_soon", morning + 2 * MINUTE) == []


def test_a_chase_is_one_letter_that_names_who_asks(world, given, stored, app) -> None:
    give(world)
    handout = next(row for row in stored(Handout) if row.unit_id == world.ward.id)
    given(
        Chase(handout_id=handout.id, account_id=world.observer.id,
              chased_on=clock.local_day(AFTER), chased_at=AFTER)
    )  # fmt: skip

    [row] = heard("duties_chased", AFTER + MINUTE)
    assert row.recipient == "phuong@example.com"
    assert still_due("duties_chased", row, AFTER)
    with app.test_request_context(), reading(), force_locale("vi"):
        facts = BY_NAME["duties_chased"].compose(row.subject, "vi").facts
        text = render_template("emails/duties_chased/text.txt", public_url="https://t.vn", **facts)
        page = BY_NAME["duties_chased"].link(row.subject)

    assert "Ông Khuyến Học đôn đốc" in text
    assert "1. Treo băng rôn\n   Thực hiện, hạn 20/09/2027\n   Cùng thực hiện: Hội" in text
    assert "https://t.vn/duties/" in text
    assert page == "/desk/duties/units/phuong"


SETTLED = BEFORE + changes.SETTLED + MINUTE


def changed_letters() -> list[tuple[str, list[tuple[Any, ...]]]]:
    """To whom letters about changes go, and what each says."""
    found = []
    for row in heard("duties_changed", SETTLED):
        with reading():
            if BY_NAME["duties_changed"].still_due(row.subject, row.revision, SETTLED):
                said = BY_NAME["duties_changed"].compose(row.subject, "vi").facts["changes"]
                found.append((row.recipient, [(c.turn, c.due_on, c.reason) for c in said]))
    return found


def test_another_day_is_told_to_those_who_were_told_of_the_first(world, at) -> None:
    duty, *_ = give(world)
    later = DUE + timedelta(days=3)
    at(BEFORE)
    with transaction():
        services.edit(session().get_one(Assignment, duty.id), due_on=later, remark="")

    assert heard("duties_changed", BEFORE + MINUTE) == []
    moved = [("moved", later, "")]
    assert changed_letters() == [("hoi@example.com", moved), ("phuong@example.com", moved)]
    change(duty.id, due_on=DUE)
    assert changed_letters() == [("hoi@example.com", moved)]


def test_a_duty_that_was_not_handed_out_changes_in_silence(world) -> None:
    duty, *_ = give(world, told=False)
    change(duty.id, due_on=DUE + timedelta(days=3), excused="Bận")
    with transaction():
        planning.withdraw_duty(session().get_one(Assignment, duty.id))

    assert changed_letters() == []


def test_who_is_excused_or_spared_is_told_so_in_one_letter(world, at) -> None:
    duty, _, _ = give(world)
    other, _, _ = give(world)
    at(BEFORE)
    change(duty.id, due_on=DUE + timedelta(days=1))
    change(duty.id, excused="Mưa lũ")
    with transaction():
        planning.withdraw_duty(session().get_one(Assignment, other.id))

    assert changed_letters() == [
        ("phuong@example.com",
         [("excused", DUE + timedelta(days=1), "Mưa lũ"), ("withdrawn", DUE, "")])
    ]  # fmt: skip


def test_who_is_excused_is_neither_late_nor_reminded(world) -> None:
    for duty in give(world):
        change(duty.id, excused="Mưa lũ")

    assert heard("duties_due_soon", clock.at(DUE - timedelta(days=2), 8)) == []
    assert heard("duties_late", clock.at(DUE + timedelta(days=1), 8)) == []


@pytest.mark.parametrize("name", ["duties_given", "duties_due_soon", "duties_late"])
@pytest.mark.parametrize("locale", ["vi", "en"])
def test_every_letter_is_worded(world, app, name: str, locale: str) -> None:
    give(world)
    moments = {
        "duties_given": TOLD + MINUTE,
        "duties_due_soon": clock.at(DUE - timedelta(days=2), 8),
        "duties_late": clock.at(DUE + timedelta(days=1), 8),
    }
    row = heard(name, moments[name])[-1]
    assert still_due(name, row, moments[name])
    with app.test_request_context(), reading(), force_locale(locale):
        facts = BY_NAME[name].compose(row.subject, locale).facts
        for kind in ("subject.txt", "text.txt", "html.html"):
            said = render_template(f"emails/{name}/{kind}", public_url="https://t.vn", **facts)
            assert "UBND phường Tích Lương" in said


@pytest.mark.parametrize("locale", ["vi", "en"])
def test_the_letter_about_changes_is_worded(world, app, at, locale: str) -> None:
    duty, *_ = give(world)
    at(BEFORE)
    change(duty.id, due_on=date(2027, 9, 23))
    [row] = heard("duties_changed", SETTLED)

    with app.test_request_context(), reading(), force_locale(locale):
        facts = BY_NAME["duties_changed"].compose(row.subject, locale).facts
        text, html = (
            render_template(f"emails/duties_changed/{kind}", public_url="https://t.vn", **facts)
            for kind in ("text.txt", "html.html")
        )

    assert "Treo băng rôn" in text
    assert "23/09/2027" in text
    assert "20/09/2027" in html
    assert "https://t.vn/duties/" in text
