"""Lượt and người of a hand-counted week."""

from datetime import date, timedelta

import sqlalchemy as sa

from accounts.models import Unit
from checkin.models import Attendance, Grade, Group, Participant, Tally
from core import clock
from core.database import reading
from events.models import Activity, ActivityKind, ActivityState, Campaign, CampaignKind, Session
from reports.figures import Figures, figures
from tests.factories import a_campaign, a_participant, a_plan, a_unit, an_activity

FIRST = date(2027, 10, 1)


def attends(
    activity: Activity,
    who: Participant | None = None,
    *,
    at=None,
    grade: Grade = Grade.STAFF_SCAN,
    pass_id: str | None = None,
    sitting: int = 0,
) -> Attendance:
    session = activity.sessions[sitting]
    return Attendance(
        activity_id=activity.id,
        session_id=session.id,
        participant_id=who.id if who else None,
        pass_id=pass_id,
        grade=grade,
        at=at or session.starts_at,
    )


def tallied(activity: Activity, count: int, group: Group | None = None, sitting: int = 0, **facts):
    session = activity.sessions[sitting]
    facts.setdefault("at", session.ends_at)
    return Tally(activity_id=activity.id, session_id=session.id, group=group, count=count, **facts)


class Week:
    """A department with a library below it, and a sister department, in one campaign."""

    def __init__(self, given) -> None:
        self.root = a_unit(code="root")
        self.department = a_unit(code="so", parent=self.root)
        self.library = a_unit(code="thu-vien", parent=self.department)
        self.sister = a_unit(code="so-khac", parent=self.root)
        self.campaign = a_campaign(2027)
        self.plan = a_plan(campaign=self.campaign, unit=self.department)
        given(self.root, self.department, self.library, self.sister, self.plan)
        self.given = given

    def activity(self, slug: str, unit: Unit, **facts) -> Activity:
        activity: Activity = an_activity(plan=self.plan, unit=unit, slug=slug, **facts)
        self.given(activity)
        return activity

    def figures(self, unit: Unit | None = None) -> Figures:
        with reading():
            return figures(unit or self.department, self.campaign)


def test_figures_of_a_hand_counted_week(given) -> None:
    week = Week(given)
    talk = week.activity("toa-dam", week.department, kind=ActivityKind.TALK)
    fair = week.activity("hoi-sach", week.library, kind=ActivityKind.BOOKS)
    foreign = week.activity("noi-khac", week.sister)
    lan = a_participant("Trần Thị Lan", email="lan@example.com", group=Group.STAFF)
    lan_again = a_participant("TRẦN THỊ LAN", email="LAN@example.com", group=Group.STAFF)
    sharing = a_participant("Trần Văn Minh", email="lan@example.com", group=Group.LEARNER)
    minh = a_participant("Lê Minh", group=Group.RESIDENT)
    namesake = a_participant("Lê Minh", group=Group.RESIDENT)
    nameless = a_participant(None, group=Group.RESIDENT)
    elsewhere = a_participant("Phạm Ở Nơi Khác")
    given(lan, lan_again, sharing, minh, namesake, nameless, elsewhere)
    given(
        attends(talk, lan),
        attends(talk, minh, grade=Grade.PAPER),
        attends(talk, pass_id="p1", grade=Grade.STATIC_SELF_SCAN),
        attends(talk, pass_id="p1+1", grade=Grade.STATIC_SELF_SCAN),
        attends(fair, lan_again),
        attends(fair, sharing),
        attends(fair, namesake),
        attends(fair, nameless),
        attends(foreign, elsewhere),
    )
    given(tallied(fair, 30, Group.LEARNER))
    given(tallied(fair, 35, Group.LEARNER))
    given(tallied(fair, 5, grade=Grade.ESTIMATE))
    given(tallied(foreign, 500))

    found = week.figures()

    assert (found.luot, found.nguoi, found.identified) == (48, 4, 5)
    assert found.by_activity == {"toa-dam": 4, "hoi-sach": 44}
    assert found.by_kind == {"talk": 4, "books": 44}
    assert found.by_unit == {"so": 4, "thu-vien": 44}
    assert found.by_group == {"staff": 2, "learner": 36, "resident": 3, "unknown": 7}
    assert found.by_grade == {
        "staff_scan": 5,
        "static_self_scan": 2,
        "paper": 1,
        "headcount": 35,
        "estimate": 5,
    }
    assert week.figures(week.library).luot == 44
    assert week.figures(week.library).nguoi == 3
    assert week.figures(week.sister).luot == 501
    assert week.figures(week.root).luot == 549


def test_a_day_begins_at_midnight_in_vietnam(given) -> None:
    week = Week(given)
    night = week.activity(
        "dem", week.library, starts_at=clock.at(FIRST, 22), ends_at=clock.at(date(2027, 10, 2), 2)
    )
    given(
        attends(night, pass_id="a", at=clock.at(FIRST, 23, 59)),
        attends(night, pass_id="b", at=clock.at(date(2027, 10, 2), 0, 0)),
        attends(night, pass_id="c", at=clock.at(date(2027, 10, 2), 0, 30)),
        attends(night, pass_id="d", at=clock.at(date(2027, 10, 2), 6, 59)),
        attends(night, pass_id="e", at=clock.at(date(2027, 10, 2), 23, 59) + timedelta(seconds=59)),
    )

    assert week.figures().by_day == {FIRST: 1, date(2027, 10, 2): 4}


def test_a_head_count_belongs_to_the_day_of_its_session_however_late_it_is_written(given) -> None:
    week = Week(given)
    fair = week.activity("hoi-sach", week.library)
    second = Session(
        activity_id=fair.id,
        starts_at=clock.at(date(2027, 10, 2), 0, 30),
        ends_at=clock.at(date(2027, 10, 2), 9),
    )
    given(second)
    given(tallied(fair, 7, at=clock.at(date(2027, 10, 9), 8)))
    given(
        Tally(
            activity_id=fair.id,
            session_id=second.id,
            count=9,
            at=clock.at(date(2027, 10, 9), 8),
        )
    )

    assert week.figures().by_day == {FIRST: 7, date(2027, 10, 2): 9}


def test_those_who_came_before_a_cancellation_count(given) -> None:
    week = Week(given)
    activity = week.activity("huy", week.library, state=ActivityState.CANCELLED)
    given(attends(activity, pass_id="a"))

    assert week.figures().luot == 1


def test_figures_leave_other_campaigns_alone(given) -> None:
    week = Week(given)
    other: Campaign = a_campaign(2027, kind=CampaignKind.MOVEMENT)
    plan = a_plan(campaign=other, unit=week.department)
    given(plan)
    activity = an_activity(plan=plan, unit=week.department)
    given(activity)
    given(attends(activity, pass_id="a"))

    assert week.figures() == Figures(luot=0, nguoi=0, identified=0)


def test_figures_take_one_statement_however_large_the_week(given) -> None:
    week = Week(given)
    for number in range(5):
        activity = week.activity(f"hd-{number}", week.library)
        given(attends(activity, pass_id="a"), tallied(activity, 3))
    said = []

    with reading() as opened:
        sa.event.listen(opened.connection(), "before_cursor_execute", lambda *a: said.append(a[2]))
        unit = opened.get_one(Unit, week.department.id)
        campaign = opened.get_one(Campaign, week.campaign.id)
        said.clear()
        assert figures(unit, campaign).luot == 20

    assert len(said) == 1
