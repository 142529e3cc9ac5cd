"""When versions write to people: to who carries or holds something, and around a look before.

A unit with a duty in a plan, or with an activity that changed, hears of a new version
once. Participants are told of moves by checkin, never from here. Who organises for the
unit above gets what was laid before it; who laid it gets the answer.
"""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, defer, joinedload

from accounts.models import Account, Grant, Role, Unit
from core.database import UtcDateTime, session
from events import movements
from events.models import Plan, PlanState
from events.releases import queries
from events.releases.models import Release, ReleaseReader, Review, ReviewState
from notifications.occasions import Kind, Letter, Occasion

STILL_USEFUL = timedelta(days=7)
"""How long a late letter about a plan that was called off is still worth sending."""

Audience = sa.Select[*tuple[Any, ...]]


def new_version(since: datetime, now: datetime) -> Audience:
    """The units with an address that a new version concerns."""
    rows = _columns(
        subject=sa.cast(Release.id, sa.Text) + ":" + sa.cast(Unit.id, sa.Text),
        recipient=Unit.email,
        unit_id=Unit.id,
        due_at=Release.released_at,
        until=Release.useful_until,
        locale=sa.literal("vi"),
    )
    return (
        rows.select_from(ReleaseReader)
        .join(ReleaseReader.release)
        .join(ReleaseReader.unit)
        .where(_has_address(Unit.email), _between(Release.released_at, since, now))
        .order_by(Release.id, Unit.id)
    )


def plan_called_off(since: datetime, now: datetime) -> Audience:
    """The units with an address that carry or hold something of a plan that was called off."""
    rows = _columns(
        subject=sa.cast(Plan.id, sa.Text) + ":" + sa.cast(Unit.id, sa.Text),
        recipient=Unit.email,
        unit_id=Unit.id,
        due_at=Plan.cancelled_at,
        until=sa.literal(now + STILL_USEFUL, UtcDateTime()),
        locale=sa.literal("vi"),
    )
    return (
        rows.select_from(Plan)
        .join(Unit, queries.concerned(Plan.id, Plan.unit_id))
        .where(Plan.state == PlanState.CANCELLED, Plan.released_at.is_not(None))
        .where(_has_address(Unit.email), _between(Plan.cancelled_at, since, now))
        .order_by(Plan.id, Unit.id)
    )


def plan_to_look_at(since: datetime, now: datetime) -> Audience:
    """Who organises for the unit that asked to see plans."""
    rows = _columns(
        subject=sa.cast(Review.id, sa.Text),
        recipient=Account.email,
        unit_id=Review.unit_id,
        due_at=Review.asked_at,
        until=Review.useful_until,
        locale=Account.locale,
    )
    return (
        rows.distinct()
        .select_from(Review)
        .join(Grant, Grant.unit_id == Review.unit_id)
        .join(Grant.account)
        .where(Grant.role.in_([Role.ORGANISER, Role.ADMIN]), Account.closed_at.is_(None))
        .where(Review.state == ReviewState.ASKED, _between(Review.asked_at, since, now))
    )


def plan_answered(since: datetime, now: datetime) -> Audience:
    """Who laid the plan before the unit above."""
    asker = aliased(Account)
    rows = _columns(
        subject=sa.cast(Review.id, sa.Text),
        recipient=asker.email,
        unit_id=Plan.unit_id,
        due_at=Review.answered_at,
        until=Review.useful_until,
        locale=asker.locale,
    )
    return (
        rows.select_from(Review)
        .join(Review.plan)
        .join(asker, asker.id == Review.asked_by_id)
        .where(asker.closed_at.is_(None), _between(Review.answered_at, since, now))
        .order_by(Review.id)
    )


def _version_still_due(subject: str, _revision: int, _now: datetime) -> bool:
    """Whether the version stands; a newer one has a letter of its own."""
    release, _unit = _version_of(subject)
    return release.number == release.plan.version and release.plan.state is PlanState.RELEASED


def _off_still_due(subject: str, revision: int, _now: datetime) -> bool:
    """Whether it is called off as it was then; a plan taken up again is not."""
    plan, _unit = _plan_of(subject)
    return plan.state is PlanState.CANCELLED and _is_moment(plan.cancelled_at, revision)


def _look_still_due(subject: str, revision: int, _now: datetime) -> bool:
    review = _review_of(subject)
    return review.state is ReviewState.ASKED and _is_moment(review.asked_at, revision)


def _answer_still_due(subject: str, revision: int, _now: datetime) -> bool:
    review = _review_of(subject)
    return review.state is not ReviewState.ASKED and _is_moment(review.answered_at, revision)


def _compose_version(subject: str, _locale: str) -> Letter:
    release, unit = _version_of(subject)
    plan = release.plan
    return Letter(
        {
            "unit_name": unit.name,
            "plan_title": plan.title,
            "plan_unit": plan.unit.name,
            "number": release.number,
            "note": release.note,
            "changes": release.changes,
            "path": _path_of(plan),
        }
    )


def _compose_off(subject: str, _locale: str) -> Letter:
    plan, unit = _plan_of(subject)
    return Letter(
        {
            "unit_name": unit.name,
            "plan_title": plan.title,
            "plan_unit": plan.unit.name,
            "reason": plan.cancelled_reason,
            "path": _path_of(plan),
        }
    )


def _compose_look(subject: str, _locale: str) -> Letter:
    review = _review_of(subject)
    return Letter(
        {
            "unit_name": review.unit.name,
            "plan_title": review.plan.title,
            "plan_unit": review.plan.unit.name,
            "note": review.note,
            "total": len(review.seen),
            "path": _look_path(subject),
        }
    )


def _compose_answer(subject: str, _locale: str) -> Letter:
    review = _review_of(subject)
    return Letter(
        {
            "unit_name": review.unit.name,
            "plan_title": review.plan.title,
            "approved": review.state is ReviewState.APPROVED,
            "remark": review.remark,
            "path": f"/desk/plans/{review.plan_id}/release",
        }
    )


def _version_path(subject: str) -> str:
    release, _unit = _version_of(subject)
    return f"/desk/plans/{release.plan_id}/release"


def _off_path(subject: str) -> str:
    return f"/desk/plans/{_plan_of(subject)[0].id}/release"


def _look_path(subject: str) -> str:
    return f"/desk/reviews/{subject}"


def _answer_path(subject: str) -> str:
    return f"/desk/plans/{_review_of(subject).plan_id}/release"


OCCASIONS: list[Occasion] = [
    Occasion(
        "new_version", new_version, _version_still_due, _compose_version, _version_path, Kind.NEWS
    ),
    Occasion(
        "plan_called_off", plan_called_off, _off_still_due, _compose_off, _off_path, Kind.CHANGE
    ),
    Occasion(
        "plan_to_look_at", plan_to_look_at, _look_still_due, _compose_look, _look_path, Kind.DUTY
    ),
    Occasion(
        "plan_answered", plan_answered, _answer_still_due, _compose_answer, _answer_path, Kind.ASKED
    ),
]
"""When versions of plans write to people."""


def _columns(
    *, subject: Any, recipient: Any, unit_id: Any, due_at: Any, until: Any, locale: Any
) -> Audience:
    return sa.select(
        subject.label("subject"),
        recipient.label("recipient"),
        unit_id.label("unit_id"),
        sa.cast(sa.extract("epoch", due_at), sa.BigInteger).label("revision"),
        sa.type_coerce(due_at, UtcDateTime()).label("due_at"),
        sa.type_coerce(until, UtcDateTime()).label("useful_until"),
        locale.label("locale"),
    )


def _between(moment: Any, since: datetime, now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(
        moment > sa.literal(since, UtcDateTime()), moment <= sa.literal(now, UtcDateTime())
    )


def _has_address(column: Any) -> sa.ColumnElement[bool]:
    return sa.func.coalesce(column, "") != ""


def _is_moment(moment: datetime | None, seconds: int) -> bool:
    return moment is not None and abs(moment.timestamp() - seconds) <= 1


def _path_of(plan: Plan) -> str:
    return f"{movements.address(plan.campaign)}changes/{plan.unit.code}"


def _version_of(subject: str) -> tuple[Release, Unit]:
    release_id, unit_id = subject.split(":")
    release = session().scalars(
        sa.select(Release)
        .where(Release.id == int(release_id))
        .options(
            defer(Release.facts),
            joinedload(Release.plan).joinedload(Plan.unit),
            joinedload(Release.plan).joinedload(Plan.campaign),
        )
    ).one()  # fmt: skip
    return release, session().get_one(Unit, int(unit_id))


def _plan_of(subject: str) -> tuple[Plan, Unit]:
    plan_id, unit_id = subject.split(":")
    return session().get_one(Plan, int(plan_id)), session().get_one(Unit, int(unit_id))


def _review_of(subject: str) -> Review:
    return (
        session()
        .scalars(
            sa.select(Review)
            .where(Review.id == int(subject))
            .options(
                joinedload(Review.unit),
                joinedload(Review.plan).joinedload(Plan.unit),
                joinedload(Review.plan).joinedload(Plan.campaign),
            )
        )
        .one()
    )
