"""An earlier week taken over: which rows, on which days, never twice."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from accounts.models import Succession, SuccessionKind
from accounts.scope import subtree
from core import clock
from events.cloning import errors, services
from events.cloning.dates import shifted
from events.cloning.models import Part, Shift
from events.cloning.proposal import Proposal
from events.cloning.rows import Why
from events.models import (
    Activity,
    ActivityKind,
    ActivityState,
    ActivityTheme,
    Assignment,
    Deadline,
    DeadlineKind,
    DutyRole,
    InvitedUnit,
    Plan,
    PlanState,
    Session,
    Theme,
    Venue,
)
from tests.factories import LONG_AGO, a_campaign, a_plan, a_unit, an_activity

ALL = frozenset(Part)


@pytest.fixture
def counted(session):
    """How many statements some work sends to the database."""

    def count(work) -> int:
        seen: list[str] = []

        def hear(_connection, _cursor, statement, *_rest) -> None:
            seen.append(statement)

        engine = session.get_bind()
        session.flush()
        sa.event.listen(engine, "before_cursor_execute", hear)
        try:
            work()
        finally:
            sa.event.remove(engine, "before_cursor_execute", hear)
        return len(seen)

    return count


class World:
    """Last year's plan of a unit, and the empty week of this year."""

    def __init__(self, session) -> None:
        self.session = session
        self.unit = a_unit(name="Thư viện tỉnh")
        self.old, self.new = a_campaign(2026), a_campaign(2027, opening_on=date(2027, 10, 2))
        self.plan = a_plan(campaign=self.old, unit=self.unit, title="Kế hoạch năm 2026")
        session.add_all([self.unit, self.old, self.new, self.plan])
        session.flush()

    def activity(self, day: int = 3, hours: tuple[int, int] = (8, 10), **facts) -> Activity:
        starts_at = clock.at(date(2026, 10, day), hours[0])
        made = an_activity(
            plan=facts.pop("plan", self.plan), starts_at=starts_at,
            ends_at=clock.at(date(2026, 10, facts.pop("last_day", day)), hours[1]), **facts,
        )  # fmt: skip
        self.session.add(made)
        self.session.flush()
        return made

    def proposal(self, parts=ALL, *, shift=Shift.RUN, below=False, unit=None) -> Proposal:
        unit = unit or self.unit
        scope = subtree(unit)
        wish = services.Wish(self.old, self.new, unit, below, frozenset(parts), shift)
        return Proposal(services.start(wish, scope, by=None, now=LONG_AGO), scope)

    def keep(self, *args, **options) -> services.Outcome:
        proposal = self.proposal(*args, **options)
        return services.keep(proposal, with_deadlines=True, now=LONG_AGO)

    def made(self) -> list[Activity]:
        self.session.expire_all()
        found = self.session.query(Activity).filter(Activity.cloned_from_id.is_not(None))
        return found.order_by(Activity.starts_at, Activity.id).all()


@pytest.fixture
def world(session):
    return World(session)


@pytest.mark.parametrize(
    ("day", "weekday", "run"),
    [
        (date(2026, 10, 3), date(2027, 10, 2), date(2027, 10, 3)),  # a Saturday
        (date(2026, 10, 1), date(2027, 10, 7), date(2027, 10, 1)),  # a Thursday
        (date(2026, 10, 7), date(2027, 10, 6), date(2027, 10, 7)),  # a Wednesday
        (date(2026, 9, 25), date(2027, 9, 24), date(2027, 9, 25)),  # a Friday before
        (date(2026, 10, 15), date(2027, 10, 21), date(2027, 10, 15)),  # a Thursday after
    ],
)
def test_days_move_by_weekday_or_by_the_run_of_the_week(day, weekday, run) -> None:
    old, new = a_campaign(2026), a_campaign(2027)

    assert shifted(day, old, new, Shift.WEEKDAY) == weekday
    assert weekday.weekday() == day.weekday()
    assert shifted(day, old, new, Shift.RUN) == run


def test_what_is_kept_becomes_drafts_with_everything_that_was_chosen(world, session) -> None:
    venue = Venue(name="Thư viện", unit=world.unit)
    guest = a_unit()
    session.add_all([venue, guest])
    old = world.activity(
        title="Ngày hội sách", hours=(7, 17), last_day=5, venue=venue, place="Tầng 2", seats=40,
        summary="Giới thiệu", contact="Bà Lan", opens_before=60,
    )  # fmt: skip
    session.add_all([
        ActivityTheme(activity_id=old.id, theme=Theme.READING_CULTURE),
        InvitedUnit(activity_id=old.id, unit_id=guest.id),
    ])  # fmt: skip
    world.plan.bases, world.plan.purpose = ["Quyết định 387"], "Lan tỏa"
    session.add(Deadline(campaign=world.old, kind=DeadlineKind.PLAN, due_at=clock.at(date(2026, 9, 25), 17)))  # fmt: skip  # noqa: E501
    session.flush()

    outcome = world.keep()

    assert (outcome.activities, outcome.plans, outcome.deadlines) == (1, 1, 1)
    [new] = world.made()
    assert (new.state, new.title, new.seats, new.cloned_from_id) == (
        ActivityState.DRAFT, "Ngày hội sách", 40, old.id
    )  # fmt: skip
    assert (new.where, new.summary, new.contact) == ("Thư viện, Tầng 2", "Giới thiệu", "Bà Lan")
    assert (new.opens_before, new.slug) == (60, "ngay-hoi-sach")
    assert new.starts_at == clock.at(date(2027, 10, 3), 7)
    assert [clock.local_day(s.starts_at).day for s in new.sessions] == [3, 4, 5]
    assert [row.theme for row in new.themes] == [Theme.READING_CULTURE]
    assert [row.unit_id for row in new.invited_units] == [guest.id]
    assert (new.plan.title, new.plan.bases, new.plan.purpose, new.plan.state) == (
        "Kế hoạch năm 2027", ["Quyết định 387"], "Lan tỏa", PlanState.DRAFT
    )  # fmt: skip
    assert [d.due_at for d in world.new.deadlines] == [clock.at(date(2027, 9, 25), 17)]


def test_parts_that_were_not_chosen_stay_behind(world, session) -> None:
    world.activity(place="Tầng 2", summary="Giới thiệu", opens_before=60)
    session.add(Assignment(plan=world.plan, unit=world.unit, role=DutyRole.DO, duty="Việc"))

    outcome = world.keep({Part.ACTIVITIES})

    [new] = world.made()
    assert (new.place, new.summary, new.opens_before) == ("", "", 30)
    assert (outcome.duties, outcome.deadlines) == (0, 0)


def test_doing_it_twice_makes_nothing_twice_and_says_so(world, session) -> None:
    world.activity()
    session.add(Assignment(plan=world.plan, unit=world.unit, role=DutyRole.DO, duty="Việc"))
    first = world.keep()
    second = world.keep(shift=Shift.WEEKDAY)

    assert (first.activities, first.duties, first.there) == (1, 1, 0)
    assert (second.activities, second.duties, second.there) == (0, 0, 2)
    assert len(world.made()) == 1


def test_what_was_called_off_never_released_or_stands_there_by_hand_is_not_ticked(
    world, session
) -> None:
    world.activity(title="Thường")
    world.activity(title="Đã hủy", state=ActivityState.CANCELLED)
    world.activity(title="Dự thảo", state=ActivityState.DRAFT)
    world.activity(title="Ngày Hội  Sách")
    typed = a_plan(campaign=world.new, unit=world.unit)
    session.add_all([typed, an_activity(plan=typed, title="Ngày hội sách")])
    session.flush()

    proposal = world.proposal()

    assert [(row.title, row.why, row.chosen) for row in proposal.rows] == [
        ("Thường", None, True),
        ("Đã hủy", Why.CANCELLED, False),
        ("Dự thảo", Why.UNRELEASED, False),
        ("Ngày Hội  Sách", Why.ALIKE, False),
    ]
    services.decide(proposal.cloning, {proposal.rows[1].key: {"keep": True}})
    again = Proposal(proposal.cloning, subtree(world.unit))
    assert [row.title for row in again.chosen] == ["Thường", "Đã hủy"]


def test_a_row_can_be_changed_or_dropped_before_it_is_kept(world) -> None:
    first = world.activity(title="Một", hours=(7, 17), last_day=4)
    second = world.activity(title="Hai")
    proposal = world.proposal()
    services.decide(
        proposal.cloning,
        {
            f"a{first.id}": {
                "title": "Một mới",
                "on": "2027-10-06",
                "begins": "08:30",
                "ends": "11:00",
            },
            f"a{second.id}": {"keep": False},
        },
    )

    services.keep(Proposal(proposal.cloning, subtree(world.unit)), with_deadlines=False, now=LONG_AGO)  # fmt: skip  # noqa: E501

    [new] = world.made()
    assert new.title == "Một mới"
    assert new.starts_at == clock.at(date(2027, 10, 6), 8, 30)
    assert new.ends_at == clock.at(date(2027, 10, 7), 11)
    services.decide(proposal.cloning, {f"a{first.id}": {}, f"a{second.id}": {}})
    assert proposal.cloning.changes == {}


def test_an_opening_follows_the_day_of_the_opening(world) -> None:
    world.old.opening_on = date(2026, 10, 1)
    world.activity(day=1, kind=ActivityKind.OPENING)
    world.activity(day=1, kind=ActivityKind.TALK)

    days = [clock.local_day(row.starts_at).day for row in world.proposal().rows]

    assert days == [2, 1]


def test_whole_days_stay_whole_days(world) -> None:
    world.activity(day=1, hours=(0, 0), last_day=3)

    [row] = world.proposal().rows

    assert clock.is_whole_days(row.starts_at, row.ends_at)
    assert row.ends_at - row.starts_at == timedelta(days=2)


def test_a_whole_tree_is_taken_over_into_the_plan_of_each_unit(world, session) -> None:
    school = a_unit(parent=world.unit)
    plan = a_plan(campaign=world.old, unit=school, title="Trường 2026")
    session.add_all([school, plan])
    world.activity(title="Của tỉnh")
    world.activity(title="Của trường", plan=plan)

    assert [row.title for row in world.proposal().rows] == ["Của tỉnh"]
    world.keep(below=True)

    assert {(a.title, a.plan.unit_id) for a in world.made()} == {
        ("Của tỉnh", world.unit.id), ("Của trường", school.id)
    }  # fmt: skip
    assert session.query(Plan).filter(Plan.campaign_id == world.new.id).count() == 2


def test_a_unit_that_is_no_more_is_followed_by_the_one_it_was_merged_into(world, session) -> None:
    gone = a_unit(parent=world.unit, valid_until=date(2027, 6, 30))
    lost = a_unit(parent=world.unit, valid_until=date(2027, 6, 30))
    heir = a_unit(parent=world.unit)
    session.add_all([gone, lost, heir])
    session.flush()
    session.add(Succession(earlier=gone, later=heir, kind=SuccessionKind.MERGED, happened_on=date(2027, 7, 1)))  # fmt: skip  # noqa: E501
    world.activity(title="Của người thừa kế", unit=gone)
    world.activity(title="Không ai thừa kế", unit=lost)
    for unit in (gone, lost):
        session.add(Assignment(plan=world.plan, unit=unit, role=DutyRole.DO, duty="Việc"))
    session.flush()

    proposal = world.proposal()

    assert [row.unit for row in proposal.rows] == [heir, world.unit]
    assert [(d.unit, d.why) for d in proposal.duties] == [(heir, None), (None, Why.UNIT_GONE)]


def test_the_plan_of_a_merged_unit_goes_into_the_plan_of_its_heir(world, session) -> None:
    top = a_unit()
    gone = a_unit(parent=top, valid_until=date(2027, 6, 30))
    heir = a_unit(parent=top)
    plan = a_plan(campaign=world.old, unit=gone)
    session.add_all([top, gone, heir, plan])
    session.flush()
    session.add(Succession(earlier=gone, later=heir, kind=SuccessionKind.MERGED, happened_on=date(2027, 7, 1)))  # fmt: skip  # noqa: E501
    world.activity(plan=plan)

    world.keep(unit=heir)

    assert [(a.plan.unit_id, a.unit_id) for a in world.made()] == [(heir.id, heir.id)]


def test_duties_move_with_their_days_below_those_that_are_there(world, session) -> None:
    for number in (1, 2):
        facts: dict[str, Any] = {"task": number, "position": number, "group_name": "Các trường"}
        facts |= {"duty": f"Việc {number}", "due_on": date(2026, 9, 28)}
        session.add(Assignment(plan=world.plan, unit=world.unit, role=DutyRole.LEAD, **facts))
    typed = a_plan(campaign=world.new, unit=world.unit)
    session.add_all([typed, Assignment(plan=typed, unit=world.unit, role=DutyRole.DO, duty="Mới", position=1, task=1)])  # fmt: skip  # noqa: E501
    session.flush()

    world.keep({Part.DUTIES})

    session.expire_all()
    assert [(d.duty, d.position, d.task, d.due_on) for d in typed.assignments] == [
        ("Mới", 1, 1, None),
        ("Việc 1", 2, 2, date(2027, 9, 28)),
        ("Việc 2", 3, 3, date(2027, 9, 28)),
    ]
    assert typed.assignments[1].group_name == "Các trường"


def test_only_an_earlier_week_with_a_plan_can_be_taken_over(world) -> None:
    scope = subtree(world.unit)
    wish = services.Wish(world.new, world.old, world.unit, False, ALL, Shift.RUN)
    with pytest.raises(errors.NotEarlier):
        services.start(wish, scope, by=None, now=LONG_AGO)
    world.session.delete(world.plan)
    with pytest.raises(errors.NothingThere):
        world.proposal()


def test_the_number_of_questions_does_not_grow_with_the_rows(world, session, counted) -> None:
    world.activity()
    few = counted(lambda: services.keep(world.proposal(), with_deadlines=True, now=LONG_AGO))
    for _ in range(30):
        world.activity()
    many = counted(lambda: services.keep(world.proposal(), with_deadlines=True, now=LONG_AGO))

    assert many <= few
    assert (
        session.query(Session).join(Activity).filter(Activity.cloned_from_id.is_not(None)).count()
        == 31
    )


def test_what_fills_the_week_stays_in_the_week(world) -> None:
    world.activity(day=1, hours=(7, 18), last_day=7)
    world.activity(day=2, hours=(7, 18), last_day=3)

    rows = world.proposal(shift=Shift.WEEKDAY).rows

    assert [clock.local_day(row.starts_at) for row in rows] == [
        date(2027, 10, 1),
        date(2027, 10, 1),
    ]


def test_a_plan_that_was_begun_keeps_its_own_words_and_takes_the_missing_ones(
    world, session
) -> None:
    world.activity()
    world.plan.purpose, world.plan.bases = "Mục đích cũ", ["Căn cứ cũ"]
    begun = a_plan(campaign=world.new, unit=world.unit, state=PlanState.DRAFT, bases=["Mới"])
    session.add(begun)
    session.flush()

    world.keep()

    assert (begun.purpose, begun.bases) == ("Mục đích cũ", ["Mới"])


def test_two_who_take_over_at_once_make_nothing_twice(world, session) -> None:
    old = world.activity()
    late = world.proposal()
    late.rows  # noqa: B018  looked at before the other one kept it
    world.keep()

    with pytest.raises(errors.TakenOverMeanwhile):
        services.keep(late, with_deadlines=False, now=LONG_AGO)
    session.rollback()
    assert session.get(Activity, old.id) is None
