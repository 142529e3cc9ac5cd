"""Units are reminded of what is due on a day of a plan, and of the report they owe."""

from datetime import date, timedelta
from typing import Any

import pytest

from core import clock
from core.database import reading, transaction
from events.duties.links import path
from events.duties.models import Handout
from events.models import Assignment, Deadline, DeadlineKind, DutyRole, Plan
from notifications.rendering import compose
from reports.models import Snapshot
from tests.factories import LONG_AGO, OPENING_DAY, a_plan, a_unit
from tests.notifications.reminders.conftest import WEEK_BEFORE
from tests.notifications.reminders.test_reminders import states, still_due, switched_on

DUE_ON = date(2027, 10, 3)
WORDS = {"title_vi": "Hạn {when}", "text_vi": "{name}\n\n{duties}\n\n{link}", "text_en": ""}
REPORT = {"title_vi": "Báo cáo {week}", "text_vi": "{name}: {when}, {unit}\n{link}", "text_en": ""}


@pytest.fixture
def handout(unit, given) -> Handout:
    """Two duties of a school that are due on one day."""
    school = given(a_unit(parent=unit, name="Trường Tiểu học", email="truong@example.com"))
    plan: Plan = given(a_plan(unit=unit, title="Kế hoạch của Sở"))
    for duty in ("Treo băng rôn", "Đưa tin"):
        facts = {"role": DutyRole.DO, "due_on": DUE_ON, "told_at": LONG_AGO, "duty": duty}
        given(Assignment(plan_id=plan.id, unit_id=school.id, **facts))
    found: Handout = given(Handout(plan_id=plan.id, unit_id=school.id, serial=0, told_at=LONG_AGO))
    return found


def test_a_unit_with_two_duties_on_a_day_gets_one_letter(
    desk, handout, tick, reminders, app
) -> None:
    answers = {"audience": "open_duty", "anchor": "due", "title_en": "", **WORDS}
    switched_on(desk, "units/so?about=duty", **answers)
    tick()
    tick(clock.at(DUE_ON - timedelta(days=3), 8, 1))

    (message,) = reminders()
    assert message.recipient == "truong@example.com"
    with reading():
        mail = compose(app, app.extensions["occasions"]["reminder"], message)
        assert path(handout) in mail.text
    assert mail.subject == "Hạn 03/10/2027"
    assert "- Treo băng rôn\n- Đưa tin" in mail.text

    with transaction() as opened:
        for duty in opened.query(Assignment):
            duty.done_at = clock.now()
    assert not still_due(app, message)


def test_a_unit_that_has_answered_is_not_silent(desk, handout, tick, reminders) -> None:
    answers = {"audience": "silent", "anchor": "due", "title_en": "", **WORDS}
    switched_on(desk, "units/so?about=duty", **answers)
    tick()
    with transaction() as opened:
        for duty in opened.query(Assignment):
            duty.received_at = WEEK_BEFORE
    tick(clock.at(DUE_ON - timedelta(days=3), 8, 1))

    assert reminders() == []


def test_units_that_owe_a_report_hear_of_it_and_those_who_made_it_do_not(
    desk, handout, tick, reminders, given, stored, app
) -> None:
    campaign = stored(Plan)[0].campaign_id
    due = clock.at(OPENING_DAY + timedelta(days=9), 17)
    given(Deadline(campaign_id=campaign, kind=DeadlineKind.UNIT_REPORT, due_at=due))
    answers = {"audience": "silent", "anchor": "due", "days": "1", "title_en": "", **REPORT}
    switched_on(desk, "units/so?about=report", **answers)
    tick()
    tick(clock.at(OPENING_DAY + timedelta(days=8), 8, 1))

    (message,) = reminders()
    assert message.recipient == "truong@example.com"
    assert still_due(app, message)
    given(_snapshot(campaign, handout.unit_id))
    assert not still_due(app, message)


def test_the_late_hear_only_after_the_day(desk, handout, tick, reminders) -> None:
    later = {"audience": "late_duty", "anchor": "due", "how": "after", "days": "2", "title_en": ""}
    switched_on(desk, "units/so?about=duty", **later, **WORDS)
    tick()
    tick(clock.at(DUE_ON + timedelta(days=2), 8, 1))

    assert [recipient for recipient, _ in states(reminders())] == ["truong@example.com"]


def _snapshot(campaign: int, unit: int) -> Any:
    made = clock.at(OPENING_DAY + timedelta(days=8), 7)
    facts = {"version": 1, "code": "BC1", "hash": "", "payload": "{}", "made_at": made}
    return Snapshot(campaign_id=campaign, unit_id=unit, **facts)
