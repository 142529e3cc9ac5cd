"""Versions of a plan: a draft over what stands, released with a number and a note."""

from datetime import timedelta

import pytest

from accounts.models import Role
from accounts.scope import scope
from core import clock
from events import errors as refused
from events import services as activities
from events.models import (
    Activity,
    ActivityState,
    Assignment,
    DutyRole,
    PlanState,
)
from events.releases import errors, layer, queries, reviews, services
from events.releases import facts as told
from events.releases.models import PendingChange, Release, ReleaseReader, ReviewState
from tests.factories import LONG_AGO, a_plan, a_unit, an_account, an_activity

NOBODY = services.By(None)
LATER = LONG_AGO + timedelta(days=1)


@pytest.fixture
def plan(session):
    """A released plan with one activity on the programme."""
    plan = a_plan(released_at=LONG_AGO)
    an_activity(plan=plan, title="Ngày hội", place="Nhà văn hóa")
    session.add(plan)
    session.flush()
    return plan


def keep(activity: Activity, *, now=LATER, **changes) -> PendingChange | None:
    """Keep for the next version what differs from what stands."""
    wanted = told.values(activity) | changes
    known = layer.names(activity.plan, [wanted])
    described, starts_at, ends_at = told.described(wanted, known.units, known.venues)
    return services.keep(
        activity, described, starts_at=starts_at, ends_at=ends_at, by=None, now=now
    )


def release(plan, chosen=None, *, note="", by=NOBODY, now=LATER) -> Release:
    return services.release(plan, chosen, note=note, by=by, now=now)


def test_a_first_release_puts_the_drafts_on_the_programme_and_counts_one(session) -> None:
    plan = a_plan(state=PlanState.DRAFT)
    draft = an_activity(plan=plan, state=ActivityState.DRAFT, place="Hội trường")
    session.add(plan)
    session.flush()

    made = release(plan, note=" Bản đầu tiên ")

    assert (made.number, made.note, plan.version) == (1, "Bản đầu tiên", 1)
    assert (draft.state, plan.state) == (ActivityState.RELEASED, PlanState.RELEASED)
    assert [(c["what"], c["title"]) for c in made.changes] == [("new", draft.title)]
    with pytest.raises(errors.NothingChanged):
        release(plan)


def test_a_kept_change_is_seen_by_nobody_until_it_is_released(session, plan) -> None:
    [activity] = plan.activities
    keep(activity, title="Ngày hội sách", place="Thư viện", starts_at="2027-10-02T01:00:00+00:00",
         ends_at="2027-10-02T03:00:00+00:00")  # fmt: skip

    assert (activity.title, activity.where, activity.revision) == ("Ngày hội", "Nhà văn hóa", 0)
    made = release(plan)

    assert (made.number, activity.title, activity.where) == (2, "Ngày hội sách", "Thư viện")
    assert (activity.revision, activity.moved_at) == (1, LATER)
    [change] = made.changes
    assert change["what"] == "moved"
    assert [name for name, _old, _new in change["fields"]] == ["when", "place", "title"]
    assert change["fields"][1] == ["place", "Nhà văn hóa", "Thư viện"]
    assert layer.items(plan) == []


def test_what_is_not_chosen_stays_a_draft(session, plan) -> None:
    [first] = plan.activities
    keep(first, seats=40)
    draft = an_activity(plan=plan, state=ActivityState.DRAFT, place="Sân trường")
    session.add(draft)
    session.flush()

    made = release(plan, {draft.id})

    assert [(c["what"], c["activity"]) for c in made.changes] == [("new", draft.id)]
    assert [item.activity for item in layer.items(plan)] == [first]
    assert first.seats is None


def test_a_kept_cancellation_calls_off_with_the_version(session, plan) -> None:
    [activity] = plan.activities
    with pytest.raises(refused.ReasonMissing):
        services.keep_cancellation(activity, reason=" ", by=None, now=LATER)
    services.keep_cancellation(activity, reason="Có bão", by=None, now=LATER)

    assert activity.state is ActivityState.RELEASED
    made = release(plan)

    assert (activity.state, activity.cancelled_reason) == (ActivityState.CANCELLED, "Có bão")
    assert [(c["what"], c["reason"]) for c in made.changes] == [("cancelled", "Có bão")]


def test_saying_what_stands_throws_the_draft_away(session, plan) -> None:
    [activity] = plan.activities
    keep(activity, seats=40)

    assert keep(activity, seats=None) is None
    assert layer.items(plan) == []


def test_a_draft_is_kept_only_of_what_is_released_and_inside_the_plan(session, plan) -> None:
    [activity] = plan.activities
    stranger = a_unit()
    session.add(stranger)
    session.flush()

    with pytest.raises(refused.HostOutsideThePlan):
        keep(activity, unit=stranger.id)
    with pytest.raises(refused.EndsBeforeItStarts):
        keep(activity, ends_at=activity.starts_at.isoformat())
    activity.state = ActivityState.DRAFT
    with pytest.raises(refused.NotReleased):
        keep(activity, seats=3)


def test_what_was_changed_at_once_meanwhile_is_said_and_only_kept_fields_are_written(
    session, plan
) -> None:
    [activity] = plan.activities
    keep(activity, place="Thư viện", seats=40)
    activity.place, activity.title = "Sân vận động", "Tên mới"

    [item] = layer.items(plan)
    assert item.overtaken == ("place",)
    release(plan)

    assert (activity.place, activity.title, activity.seats) == ("Thư viện", "Tên mới", 40)


def test_an_activity_nobody_would_find_cannot_go_out(session) -> None:
    plan = a_plan(state=PlanState.DRAFT)
    an_activity(plan=plan, state=ActivityState.DRAFT, place="")
    session.add(plan)
    session.flush()

    [item] = layer.items(plan)
    assert isinstance(item.refusal, refused.PlaceMissing)
    with pytest.raises(refused.PlaceMissing):
        release(plan)


def test_what_was_changed_at_once_is_told_between_versions_and_in_the_next(session, plan) -> None:
    [activity] = plan.activities
    keep(activity, seats=40)
    release(plan)
    at_once = LATER + timedelta(hours=1)
    activities.cancel(activity, reason="Mưa", now=at_once)
    session.flush()

    [since] = queries.since(plan.campaign)
    assert (since.at, since.change["what"], since.change["reason"]) == (at_once, "cancelled", "Mưa")
    made = release(plan, now=at_once + timedelta(hours=1))
    assert [c["what"] for c in made.changes] == ["cancelled"]
    assert queries.since(plan.campaign) == []


def test_units_with_a_duty_or_a_changed_activity_are_named_once_from_the_second_version(
    session,
) -> None:
    top = a_unit()
    below, other, quiet = (a_unit(parent=top) for _ in range(3))
    plan = a_plan(unit=top, state=PlanState.DRAFT)
    draft = an_activity(plan=plan, unit=below, place="Trường", state=ActivityState.DRAFT)
    session.add_all([plan, quiet])
    session.flush()
    for unit in (other, other, top):
        session.add(Assignment(plan=plan, unit=unit, role=DutyRole.DO, duty="Việc"))
    release(plan)
    assert session.query(ReleaseReader).count() == 0

    keep(draft, seats=10)
    made = release(plan, now=LATER + timedelta(hours=1))

    readers = session.query(ReleaseReader).order_by(ReleaseReader.unit_id).all()
    assert [(r.release_id, r.unit_id) for r in readers] == [
        (made.id, below.id),
        (made.id, other.id),
    ]


def test_a_plan_is_called_off_with_its_activities_and_taken_up_again(session, plan) -> None:
    [activity] = plan.activities
    with pytest.raises(refused.ReasonMissing):
        services.cancel_plan(plan, reason="", with_activities=True, now=LATER)
    services.cancel_plan(plan, reason="Lũ lụt", with_activities=True, now=LATER)

    assert (plan.state, plan.cancelled_reason) == (PlanState.CANCELLED, "Lũ lụt")
    assert (activity.state, activity.cancelled_reason) == (ActivityState.CANCELLED, "Lũ lụt")
    with pytest.raises(errors.PlanCalledOff):
        release(plan)
    services.resume_plan(plan)
    assert (plan.state, plan.cancelled_reason) == (PlanState.RELEASED, "")
    assert activity.state is ActivityState.CANCELLED
    with pytest.raises(errors.NotCalledOff):
        services.resume_plan(plan)


def test_a_parent_that_asks_sees_the_plan_before_it_goes_out(session) -> None:
    parent = a_unit()
    child = a_unit(parent=parent)
    plan = a_plan(unit=child, state=PlanState.DRAFT)
    draft = an_activity(plan=plan, state=ActivityState.DRAFT, place="Trường")
    session.add(plan)
    session.flush()
    empty = a_stored(session, a_plan(unit=parent, campaign=plan.campaign))
    with pytest.raises(errors.NothingToShow):
        reviews.lay_before(empty, parent, note="", by=None, now=LATER)
    reviews.ask_to_see(parent, by=None, now=LONG_AGO)
    reviews.ask_to_see(parent, by=None, now=LONG_AGO)

    assert reviews.reviewer_of(plan) is parent
    with pytest.raises(errors.SeenFirst):
        release(plan)
    review = reviews.lay_before(plan, parent, note="Kính trình", by=None, now=LATER)
    with pytest.raises(errors.SeenFirst):
        release(plan)
    say(review, approved=True)
    draft.title = "Đổi sau khi duyệt"
    with pytest.raises(errors.SeenFirst):
        release(plan)
    again = reviews.lay_before(plan, parent, note="", by=None, now=LATER)
    say(again, approved=True)

    assert release(plan).number == 1
    assert again.used_at == LATER
    assert reviews.latest(plan) is review or reviews.latest(plan) is None


def test_a_returned_plan_needs_a_remark_and_another_look(session) -> None:
    parent = a_unit()
    plan = a_plan(unit=a_unit(parent=parent), state=PlanState.DRAFT)
    draft = an_activity(plan=plan, state=ActivityState.DRAFT, place="Trường")
    session.add(plan)
    session.flush()
    reviews.ask_to_see(parent, by=None, now=LONG_AGO)
    review = reviews.lay_before(plan, parent, note="", by=None, now=LATER)

    with pytest.raises(errors.RemarkMissing):
        say(review, approved=False)
    shown = reviews.digest(layer.items(plan))
    draft.title = "Khác"
    with pytest.raises(errors.ChangedMeanwhile):
        reviews.answer(review, approved=True, remark="", shown=shown, by=None, now=LATER)
    say(review, approved=False, remark="Bổ sung địa điểm")

    assert (review.state, review.remark) == (ReviewState.RETURNED, "Bổ sung địa điểm")
    with pytest.raises(errors.AnsweredBefore):
        say(review, approved=True)
    with pytest.raises(errors.SeenFirst):
        release(plan)


def test_who_organises_for_the_parent_releases_without_asking(session) -> None:
    parent = a_unit()
    plan = a_plan(unit=a_unit(parent=parent), state=PlanState.DRAFT)
    an_activity(plan=plan, state=ActivityState.DRAFT, place="Trường")
    above, below = an_account((Role.ORGANISER, parent)), an_account((Role.ORGANISER, plan.unit))
    session.add_all([plan, above, below])
    session.flush()
    reviews.ask_to_see(parent, by=None, now=LONG_AGO)

    reviews.check_alone(plan, scope(above, Role.ORGANISER))
    with pytest.raises(errors.SeenFirst):
        reviews.check_alone(plan, scope(below, Role.ORGANISER))
    assert release(plan, by=services.By(above, speaks_for_parent=True)).account_id == above.id
    reviews.ask_no_more(parent)
    assert reviews.reviewer_of(plan) is None


def test_the_day_of_a_release_is_a_whole_second_so_that_pages_can_go_on_after_it(session) -> None:
    plan = a_plan(state=PlanState.DRAFT)
    session.add(plan)
    session.flush()

    made = release(plan, now=LATER + timedelta(microseconds=700))

    assert made.released_at == LATER
    assert made.useful_until >= clock.at(plan.campaign.ends_on)


def say(review, *, approved: bool, remark: str = "") -> None:
    shown = reviews.digest(layer.items(review.plan))
    reviews.answer(review, approved=approved, remark=remark, shown=shown, by=None, now=LATER)


def a_stored(session, row):
    session.add(row)
    session.flush()
    return row


def test_a_plan_of_before_versions_still_says_what_was_moved_or_called_off(session, plan) -> None:
    [activity] = plan.activities
    activities.cancel(activity, reason="Mưa", now=LATER)
    moved = an_activity(plan=plan, title="Dời", place="Sân", moved_at=LATER)
    session.add(moved)
    session.flush()

    told_of = queries.since(plan.campaign)

    assert [(one.change["what"], one.change["title"]) for one in told_of] == [
        ("moved", "Dời"),
        ("cancelled", "Ngày hội"),
    ]
