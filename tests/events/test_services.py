"""What organisers may do with an activity, and what calendars learn of it."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from checkin.models import Attendance, Grade
from core import clock
from events import errors, services
from events.describing import Description
from events.models import (
    Activity,
    ActivityKind,
    ActivityState,
    Audience,
    Counting,
    Format,
    Theme,
    Venue,
)
from events.models import Session as Sitting
from events.slots import slots
from tests.factories import (
    LONG_AGO,
    OPENING_DAY,
    a_campaign,
    a_participant,
    a_plan,
    a_unit,
)

LATER = LONG_AGO + timedelta(days=1)
START, END = clock.at(OPENING_DAY, 8), clock.at(OPENING_DAY, 10)


@pytest.fixture
def plan(session):
    plan = a_plan(campaign=a_campaign(), unit=a_unit())
    session.add(plan)
    session.flush()
    return plan


def described(plan, **facts) -> Description:
    facts.setdefault("kind", ActivityKind.TALK)
    facts.setdefault("title", "Tọa đàm về sách")
    facts.setdefault("unit", plan.unit)
    facts.setdefault("counting", Counting.TICKETS)
    facts.setdefault("place", "Hội trường A")
    return Description(**facts)


def created(plan, **facts) -> Activity:
    when = {"starts_at": facts.pop("starts_at", START), "ends_at": facts.pop("ends_at", END)}
    return services.create(plan, described(plan, **facts), **when, now=LONG_AGO)


def released(plan, **facts) -> Activity:
    activity = created(plan, **facts)
    services.release(activity, now=LONG_AGO)
    return activity


def edited(activity, plan, *, starts_at=START, ends_at=END, **facts) -> None:
    services.edit(
        activity, described(plan, **facts), starts_at=starts_at, ends_at=ends_at, now=LATER
    )


def test_create_makes_a_draft_with_its_sittings(session, plan) -> None:
    activity = created(plan, ends_at=clock.at(date(2027, 10, 7), 17), themes=frozenset(Theme))

    assert (activity.state, activity.slug, len(activity.sessions)) == (
        ActivityState.DRAFT,
        "toa-dam-ve-sach",
        7,
    )
    assert {row.theme for row in activity.themes} == set(Theme)


def test_the_same_title_gets_another_slug(session, plan) -> None:
    slugs = [created(plan).slug for _ in range(4)]

    assert slugs == [
        "toa-dam-ve-sach",
        "toa-dam-ve-sach-2027",
        "toa-dam-ve-sach-2027-2",
        "toa-dam-ve-sach-2027-3",
    ]


def test_a_title_without_letters_of_ours_still_has_a_slug(session, plan) -> None:
    assert created(plan, title="“…”").slug == "hoat-dong"
    assert created(plan, title="New").slug == "new-2027"


def test_the_host_must_be_below_the_unit_of_the_plan(session, plan) -> None:
    stranger = a_unit()
    session.add(stranger)

    with pytest.raises(errors.HostOutsideThePlan):
        created(plan, unit=stranger)


def test_release_puts_it_on_the_programme_once(session, plan) -> None:
    activity = released(plan)

    assert (activity.state, activity.released_at) == (ActivityState.RELEASED, LONG_AGO)
    with pytest.raises(errors.AlreadyReleased):
        services.release(activity, now=LATER)


def test_release_needs_a_place_that_visitors_can_find(session, plan) -> None:
    with pytest.raises(errors.PlaceMissing):
        released(plan, place="")
    with pytest.raises(errors.JoinLinkMissing):
        released(plan, place="", format=Format.ONLINE)
    released(plan, place="", format=Format.ONLINE, join_link="https://meet.example.com/x")


def test_take_back_makes_it_a_draft_and_calendars_learn_of_it(session, plan) -> None:
    activity = released(plan)

    services.take_back(activity, now=LATER)

    assert (activity.state, activity.revision) == (ActivityState.DRAFT, 1)


def test_take_back_is_refused_once_somebody_is_registered(session, plan, monkeypatch) -> None:
    activity = released(plan)
    monkeypatch.setattr(slots, "registered", lambda ids: {ids[0]: 3})

    with pytest.raises(errors.PeopleAreRegistered) as refusal:
        services.take_back(activity, now=LATER)

    assert "3 người" in refusal.value.text("vi")


def test_cancel_keeps_the_reason_and_raises_the_revision(session, plan) -> None:
    activity = released(plan)

    services.cancel(activity, reason=" Mưa bão. ", now=LATER)

    assert (activity.state, activity.cancelled_reason, activity.revision) == (
        ActivityState.CANCELLED,
        "Mưa bão.",
        1,
    )
    assert (activity.cancelled_at, activity.changed_at) == (LATER, LATER)


def test_cancel_is_for_released_activities_with_a_reason_before_they_are_over(
    session, plan
) -> None:
    with pytest.raises(errors.NotReleased):
        services.cancel(created(plan), reason="Mưa", now=LATER)
    with pytest.raises(errors.ReasonMissing):
        services.cancel(released(plan), reason="  ", now=LATER)
    with pytest.raises(errors.AlreadyOver):
        services.cancel(released(plan), reason="Mưa", now=END)


def test_reschedule_moves_the_sittings_and_tells_calendars(session, plan) -> None:
    activity = released(plan)
    moved = clock.at(date(2027, 10, 2), 14)

    services.reschedule(
        activity,
        starts_at=moved,
        ends_at=moved + timedelta(hours=1),
        venue=None,
        place="Hội trường B",
        now=LATER,
    )

    session.expire_all()
    assert [s.starts_at for s in activity.sessions] == [moved]
    assert (activity.revision, activity.moved_at, activity.changed_at) == (1, LATER, LATER)


def test_reschedule_to_the_same_time_and_place_is_no_change(session, plan) -> None:
    activity = released(plan)

    services.reschedule(
        activity, starts_at=START, ends_at=END, venue=None, place="Hội trường A", now=LATER
    )

    assert (activity.revision, activity.moved_at) == (0, None)


def test_a_day_with_attendances_cannot_be_taken_out(session, plan) -> None:
    activity = released(plan)
    session.flush()
    someone = a_participant()
    session.add(someone)
    session.flush()
    session.add(
        Attendance(
            activity_id=activity.id,
            session_id=activity.sessions[0].id,
            participant_id=someone.id,
            grade=Grade.STAFF_SCAN,
            at=START,
        )
    )
    session.flush()
    moved = clock.at(date(2027, 10, 2), 14)

    with pytest.raises(errors.PeopleWereRecorded):
        services.reschedule(
            activity, starts_at=moved, ends_at=moved + timedelta(hours=1),
            venue=None, place="Hội trường A", now=START,
        )  # fmt: skip
    session.rollback()


def test_hours_may_move_within_a_day_that_has_attendances(session, plan) -> None:
    activity = released(plan)
    session.flush()
    kept = activity.sessions[0].id

    services.reschedule(
        activity,
        starts_at=START + timedelta(hours=1),
        ends_at=END + timedelta(hours=1),
        venue=None,
        place="Hội trường A",
        now=LATER,
    )

    assert session.scalars(sa.select(Sitting.id)).all() == [kept]


@pytest.mark.parametrize(
    ("change", "revision", "moved"),
    [
        ({"title": "Tên khác"}, 1, False),
        ({"summary": "Nội dung khác"}, 1, False),
        ({"place": "Nơi khác"}, 1, True),
        ({"starts_at": START + timedelta(minutes=30)}, 1, True),
        ({"seats": 40}, 0, False),
        ({"contact": "Người khác"}, 0, False),
        ({"themes": frozenset({Theme.READING_CULTURE})}, 0, False),
    ],
)
def test_edit_tells_calendars_of_what_they_show(session, plan, change, revision, moved) -> None:
    activity = released(plan)

    edited(activity, plan, **change)

    assert (activity.revision, activity.moved_at is not None) == (revision, moved)


def test_a_draft_may_change_without_a_word_to_calendars(session, plan) -> None:
    activity = created(plan)

    edited(activity, plan, title="Tên khác")

    assert (activity.title, activity.revision, activity.slug) == ("Tên khác", 0, "toa-dam-ve-sach")


def test_seats_cannot_go_below_those_taken(session, plan, monkeypatch) -> None:
    activity = released(plan, seats=50)
    monkeypatch.setattr(slots, "seats_left", lambda ids: dict.fromkeys(ids, 20))

    with pytest.raises(errors.NoSeatsBelowThoseTaken):
        edited(activity, plan, seats=29)
    edited(activity, plan, seats=30)

    assert activity.seats == 30


def test_a_limit_cannot_be_set_below_those_registered_without_one(
    session, plan, monkeypatch
) -> None:
    activity = released(plan)
    monkeypatch.setattr(slots, "registered", lambda ids: dict.fromkeys(ids, 10))

    with pytest.raises(errors.NoSeatsBelowThoseTaken):
        edited(activity, plan, seats=9)


def test_a_released_activity_keeps_a_place(session, plan) -> None:
    activity = released(plan)

    with pytest.raises(errors.PlaceMissing):
        edited(activity, plan, place="")


def test_units_are_invited_only_when_it_is_for_units(session, plan) -> None:
    activity = created(plan, audience=Audience.UNITS, invited_units=[plan.unit])
    assert [row.unit for row in activity.invited_units] == [plan.unit]

    edited(activity, plan, audience=Audience.EVERYONE, invited_units=[plan.unit])

    assert activity.invited_units == []


def test_copy_keeps_the_day_of_the_week_s_course(session, plan) -> None:
    activity = released(plan, themes=frozenset({Theme.READING_CULTURE}), seats=12)
    next_year = a_plan(campaign=a_campaign(2028, starts_on=date(2028, 10, 2)), unit=plan.unit)
    session.add(next_year)
    session.flush()

    twin = services.copy(activity, plan=next_year, now=LATER)

    assert (twin.state, twin.starts_at, twin.seats, twin.revision) == (
        ActivityState.DRAFT,
        clock.at(date(2028, 10, 2), 8),
        12,
        0,
    )
    assert (twin.slug, [row.theme for row in twin.themes]) == (
        "toa-dam-ve-sach-2028",
        [Theme.READING_CULTURE],
    )


def test_a_venue_is_where_it_is(session, plan) -> None:
    venue = Venue(name="Thư viện tỉnh", address="29 Hoàng Văn Thụ", unit=plan.unit)

    activity = created(plan, venue=venue, place="Tầng 2")

    assert activity.where == "Thư viện tỉnh, Tầng 2"


def test_evidence_is_added_and_taken_out(session, plan) -> None:
    activity = created(plan)
    services.add_evidence(activity, note="12 băng rôn", link="", number=12, now=LATER)
    session.flush()

    services.remove_evidence(activity, activity.evidence[0].id)

    assert activity.evidence == []


def test_every_refusal_is_said_in_vietnamese() -> None:
    facts = {"days": 1, "unit": "A", "taken": 1, "title": "B", "count": 1, "year": 2027}
    kinds = [
        k for k in vars(errors).values() if isinstance(k, type) and k.__module__ == "events.errors"
    ]

    assert [k.__name__ for k in kinds if k(**facts).text("vi") == k(**facts).text("en")] == []
