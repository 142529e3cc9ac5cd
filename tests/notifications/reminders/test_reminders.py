"""Reminders from the desk to the outbox: set up, looked at, switched on, sent, skipped."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from checkin.erasure import erase_now
from checkin.models import Attendance, Grade, Participant, Standing
from core import clock
from core.database import reading, transaction
from events.models import Activity, ActivityKind, ActivityState
from notifications.models import Message, MessageState
from notifications.reminders.declared import SORTS
from notifications.reminders.models import ReminderMoment, ReminderRule, RuleState
from notifications.rendering import compose
from tests.factories import OPENING_DAY, a_participant, a_plan, a_registration, a_unit, an_activity
from tests.notifications.reminders.conftest import WEEK_BEFORE, agreeing

THREE_DAYS_BEFORE = clock.at(OPENING_DAY - timedelta(days=3), 8)
ANSWERS = {
    "audience": "seat_holders",
    "how": "before",
    "days": "3",
    "at": "08:00",
    "anchor": "start",
    "title_vi": "Sắp tới: {activity}",
    "text_vi": "Kính mời ông/bà {name}.\n\n{activity}, {when}\n{place}\n\nVé: {link}",
    "title_en": "Soon: {activity}",
    "text_en": "Dear {name}, {when}: {link}",
}


def kept(desk: Any, place: str = "activities/hoi-thao", **answers: str) -> str:
    """The address of a reminder that was just kept."""
    place, _, query = place.partition("?")
    answer = desk.post(f"/desk/{place}/reminders/new?{query}", data=ANSWERS | answers)
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def switched_on(desk: Any, place: str = "activities/hoi-thao", **answers: str) -> str:
    """The same, switched on."""
    address = kept(desk, place, **answers)
    assert desk.post(f"{address}/on").status_code == 302
    return address


def states(rows: list[Message]) -> list[tuple[str, MessageState]]:
    return [(row.recipient, row.state) for row in rows]


def still_due(app: Any, message: Message) -> bool:
    occasion = app.extensions["occasions"]["reminder"]
    with reading():
        return bool(occasion.still_due(message.subject, message.revision, clock.now()))


def test_a_reminder_goes_from_the_desk_to_the_letter(desk, activity, tick, reminders, app) -> None:
    address = kept(desk)
    page = desk.get(address).text
    assert "Nguyễn Thị Mẫu" in page
    assert "08 giờ 00 ngày 28/09/2027" in page
    assert "Sắp tới: Hội thảo đọc sách" in page
    assert "Soon: Hội thảo đọc sách" in page

    desk.post(f"{address}/on")
    tick()
    assert reminders() == []
    tick(THREE_DAYS_BEFORE + timedelta(seconds=3))
    tick()

    (message,) = reminders()
    assert (message.recipient, message.state) == ("lan@example.com", MessageState.QUEUED)
    assert (message.due_at, message.useful_until) == (THREE_DAYS_BEFORE, activity.starts_at)
    assert still_due(app, message)
    with reading():
        mail = compose(app, app.extensions["occasions"]["reminder"], message)
    assert mail.subject == "Sắp tới: Hội thảo đọc sách"
    assert "Kính mời ông/bà Nguyễn Thị Mẫu." in mail.text
    assert "08 giờ 00 ngày 01/10/2027" in mail.text
    assert "/tickets/VE1" in mail.text


def test_nobody_hears_of_a_reminder_that_is_not_switched_on(
    desk, activity, tick, reminders
) -> None:
    address = kept(desk)
    tick(THREE_DAYS_BEFORE + timedelta(minutes=1))
    assert reminders() == []

    desk.post(f"{address}/on")
    tick(THREE_DAYS_BEFORE + timedelta(minutes=2))
    assert reminders() == [], "its moment had passed when it was switched on"


def test_a_reminder_is_timed_anew_when_its_activity_moves(
    desk, activity, tick, reminders, app
) -> None:
    switched_on(desk)
    tick()
    _move(activity, days=1)
    tick(THREE_DAYS_BEFORE + timedelta(minutes=1))
    assert reminders() == []

    later = THREE_DAYS_BEFORE + timedelta(days=1, minutes=1)
    tick(later)
    (message,) = reminders()
    assert message.due_at == THREE_DAYS_BEFORE + timedelta(days=1)
    assert still_due(app, message)

    _move(activity, days=1)
    assert not still_due(app, message), "it moved between planning and sending"


@pytest.mark.parametrize("change", ["cancelled", "withdrawn", "off"])
def test_a_reminder_is_not_sent_once_its_reason_is_gone(
    desk, activity, tick, reminders, app, change
) -> None:
    address = switched_on(desk)
    tick()
    tick(THREE_DAYS_BEFORE + timedelta(minutes=1))
    (message,) = reminders()

    if change == "off":
        desk.post(f"{address}/off")
    else:
        with transaction() as opened:
            found = opened.get_one(Activity, activity.id)
            if change == "cancelled":
                found.state = ActivityState.CANCELLED
            else:
                opened.execute(sa.text("UPDATE registration SET standing = 'withdrawn'"))
    assert not still_due(app, message)


def test_what_was_due_while_the_machine_was_down_is_sent_if_of_use_and_else_missed(
    desk, activity, tick, reminders
) -> None:
    switched_on(desk)
    switched_on(desk, how="before", days="", hours="2", at="")
    tick()
    tick(activity.starts_at + timedelta(hours=1))

    assert states(reminders()) == [("lan@example.com", MessageState.MISSED)] * 2


def test_a_reminder_in_the_night_waits_for_the_morning(desk, activity, tick, reminders) -> None:
    address = switched_on(desk, how="before", days="1", at="22:30")
    assert "06 giờ 00 ngày 01/10/2027" in desk.get(address).text
    tick()
    tick(clock.at(OPENING_DAY, 5, 59))
    assert reminders() == []

    tick(clock.at(OPENING_DAY, 6, 1))
    assert states(reminders()) == [("lan@example.com", MessageState.QUEUED)]


def test_the_quiet_hours_of_a_unit_hold_for_its_reminders(desk, activity, stored, tick) -> None:
    switched_on(desk)
    tick()
    answer = desk.post(
        "/desk/units/so/reminders/quiet", data={"from_hour": "20:00", "until_hour": "09:30"}
    )
    assert answer.status_code == 302
    tick()

    (moment,) = stored(ReminderMoment)
    assert moment.due_at == clock.at(OPENING_DAY - timedelta(days=3), 9, 30)
    wrong = {"from_hour": "10:00", "until_hour": "09:00"}
    assert desk.post("/desk/units/so/reminders/quiet", data=wrong).status_code == 422


def test_who_registers_after_the_moment_does_not_get_it(
    desk, activity, tick, reminders, given
) -> None:
    switched_on(desk)
    late = THREE_DAYS_BEFORE + timedelta(minutes=1)
    given(a_registration(activity=activity, participant=agreeing(), registered_at=late))
    tick()
    tick(late + timedelta(minutes=1))

    assert len(reminders()) == 1


def test_only_those_are_reminded_who_agreed_and_left_an_address(
    desk, activity, tick, reminders, given
) -> None:
    given(a_registration(activity=activity, participant=a_participant(email="an@example.com")))
    given(a_registration(activity=activity, participant=a_participant()))
    address = switched_on(desk)

    assert "2 người không để lại thư điện tử" in desk.get(address).text
    tick()
    tick(THREE_DAYS_BEFORE + timedelta(minutes=1))
    assert states(reminders()) == [("lan@example.com", MessageState.QUEUED)]


@pytest.mark.parametrize(
    ("audience", "reached"),
    [("came", "den@example.com"), ("did_not_come", "lan@example.com")],
)
def test_afterwards_those_who_came_and_those_who_did_not_hear_apart(
    desk, activity, tick, reminders, given, audience, reached
) -> None:
    came = agreeing(email="den@example.com")
    given(a_registration(activity=activity, participant=came))
    sitting = activity.sessions[0].id
    facts = {"grade": Grade.STAFF_SCAN, "at": activity.starts_at}
    where = {"activity_id": activity.id, "session_id": sitting}
    given(Attendance(participant_id=came.id, **where, **facts))
    switched_on(desk, audience=audience, how="after", days="1", anchor="end")
    tick()
    tick(clock.at(OPENING_DAY + timedelta(days=1), 8, 1))

    assert states(reminders()) == [(reached, MessageState.QUEUED)]


def test_those_who_wait_those_who_entered_and_the_host_hear_too(
    desk, activity, tick, reminders, given
) -> None:
    with transaction() as opened:
        opened.get_one(Activity, activity.id).kind = ActivityKind.CONTEST
    waiting = agreeing(email="cho@example.com")
    given(a_registration(activity=activity, participant=waiting, standing=Standing.WAITING))
    for audience in ("waiting", "entered", "host_unit"):
        switched_on(desk, audience=audience)
    tick()
    tick(THREE_DAYS_BEFORE + timedelta(minutes=1))

    reached = sorted(row.recipient for row in reminders())
    assert reached == ["cho@example.com", "cho@example.com", "lan@example.com", "so@example.com"]


def test_a_reminder_of_a_unit_holds_for_all_that_it_and_those_below_have(
    desk, unit, activity, tick, reminders, given
) -> None:
    below, elsewhere = given(a_unit(parent=unit), a_unit())
    for host in (below, elsewhere):
        plan = a_plan(unit=host, campaign=activity.plan.campaign)
        other = given(an_activity(plan=plan))
        given(
            a_registration(activity=other, participant=agreeing(email=f"{host.code}@example.com"))
        )
    address = switched_on(desk, "units/so")
    assert "2 thư sẽ gửi" in desk.get(address).text
    tick()
    tick(THREE_DAYS_BEFORE + timedelta(minutes=1))

    assert {row.recipient for row in reminders()} == {
        "lan@example.com",
        f"{below.code}@example.com",
    }


def test_a_template_of_the_unit_is_taken_over_into_an_activity(desk, activity, stored) -> None:
    kept(desk, "units/so")
    (template,) = stored(ReminderRule)

    assert f"like={template.id}" in desk.get("/desk/activities/hoi-thao/reminders").text
    page = desk.get(f"/desk/activities/hoi-thao/reminders/new?like={template.id}").text
    assert "Sắp tới: {activity}" in page


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"text_vi": "Chào {nguoi}"}, "{nguoi} không phải là một trường"),
        ({"text_vi": "Chào {name.__class__}"}, "không phải là một trường"),
        ({"title_vi": "Chào {"}, "dấu ngoặc nhọn"),
        ({"text_en": "{0}"}, "không phải là một trường"),
        ({"audience": "came"}, "Sau khi kết thúc mới biết"),
        ({"how": "moment", "moment_on": "01/09/2027", "moment_at": "08:00"}, "đã qua"),
        ({"how": "moment"}, "Xin nhập ngày và giờ"),
        ({"days": "", "hours": ""}, "bao nhiêu ngày hoặc giờ"),
        ({"at": "26:00"}, "07:30"),
    ],
)
def test_what_cannot_be_done_is_said_beside_its_field_and_nothing_typed_is_lost(
    desk, activity, stored, answers, said
) -> None:
    answer = desk.post("/desk/activities/hoi-thao/reminders/new", data=ANSWERS | answers)

    assert answer.status_code in {400, 422}
    assert said in answer.text
    assert "Soon: {activity}" in answer.text
    assert stored(ReminderRule) == []


def test_a_changed_reminder_is_looked_at_again_before_it_goes(desk, activity, stored) -> None:
    address = switched_on(desk)
    answer = desk.post(f"{address}/edit", data=ANSWERS | {"days": "2"})

    assert answer.status_code == 302
    (rule,) = stored(ReminderRule)
    assert (rule.state, rule.days) == (RuleState.DRAFT, -2)


def test_a_removed_reminder_is_gone(desk, activity, stored, tick) -> None:
    address = switched_on(desk)
    tick()
    desk.post(f"{address}/remove")

    assert stored(ReminderRule) == stored(ReminderMoment) == []
    assert desk.get(address).status_code == 404


def test_who_wants_to_be_forgotten_is_forgotten_by_reminders_too(
    desk, activity, tick, reminders
) -> None:
    switched_on(desk)
    tick()
    tick(THREE_DAYS_BEFORE + timedelta(minutes=1))
    with transaction() as opened:
        erase_now(list(opened.scalars(sa.select(Participant))), WEEK_BEFORE)

    (message,) = reminders()
    assert message.state is MessageState.SKIPPED
    assert "lan@example.com" not in message.recipient


def test_a_moment_of_its_own(desk, activity, tick, reminders) -> None:
    moment = {"how": "moment", "moment_on": "29/09/2027", "moment_at": "10:15"}
    switched_on(desk, **moment)
    tick()
    tick(clock.at(OPENING_DAY - timedelta(days=2), 10, 16))

    assert [row.due_at for row in reminders()] == [
        clock.at(OPENING_DAY - timedelta(days=2), 10, 15)
    ]


def test_every_suggestion_can_be_taken_as_it_stands(desk, activity) -> None:
    place = "/desk/units/so/reminders/new"
    for sort in SORTS.values():
        for one in sort.suggestions:
            page = desk.get(f"{place}?about={sort.name}&from={one.name}")
            assert page.status_code == 200
            assert sort.audience(one.audience)
            assert sort.anchor(one.anchor)


def _move(activity: Activity, *, days: int) -> None:
    with transaction() as opened:
        found = opened.get_one(Activity, activity.id)
        found.starts_at += timedelta(days=days)
        found.ends_at += timedelta(days=days)
        found.moved_at = WEEK_BEFORE
