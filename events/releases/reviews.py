"""A unit above asks to see plans before they are released: it approves or returns them."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from accounts.models import Account, Unit
from accounts.scope import Scope
from core.database import session
from core.text import nfc
from events.models import Plan
from events.releases import errors, layer
from events.releases.models import Review, ReviewRule, ReviewState

STILL_USEFUL = timedelta(days=30)
"""How long a late letter about a look is still worth sending."""


def reviewer_of(plan: Plan) -> Unit | None:
    """The nearest unit above that asks to see the plan; none when nobody does."""
    return session().scalar(
        sa.select(Unit)
        .join(ReviewRule, ReviewRule.unit_id == Unit.id)
        .where(sa.literal(plan.unit.path).startswith(Unit.path), Unit.id != plan.unit_id)
        .order_by(sa.func.length(Unit.path).desc())
        .limit(1)
    )


def latest(plan: Plan) -> Review | None:
    """What was last laid before a unit above, unless its version went out."""
    return session().scalar(
        sa.select(Review)
        .where(Review.plan_id == plan.id, Review.used_at.is_(None))
        .order_by(Review.id.desc())
        .limit(1)
    )


def ask_to_see(unit: Unit, *, by: Account | None, now: datetime) -> None:
    """From now on plans below the unit go out only after it has seen them."""
    if session().get(ReviewRule, unit.id) is None:
        session().add(ReviewRule(unit_id=unit.id, since=now, account_id=by.id if by else None))
        session().flush()


def ask_no_more(unit: Unit) -> None:
    """Plans below the unit go out without being seen."""
    rule = session().get(ReviewRule, unit.id)
    if rule is not None:
        session().delete(rule)
        session().flush()


def lay_before(plan: Plan, unit: Unit, *, note: str, by: Account | None, now: datetime) -> Review:
    """Lay the draft of a plan before the unit above; laid again, it takes the place of the first.

    Raises ``NothingToShow``, or why an activity cannot go out as it is.
    """
    items = layer.items(plan)
    if not items:
        raise errors.NothingToShow
    for item in items:
        if item.refusal:
            raise item.refusal
    review = latest(plan)
    if review is None or review.state is not ReviewState.ASKED:
        review = Review(plan=plan, state=ReviewState.ASKED)
        session().add(review)
    review.unit, review.note, review.seen = unit, nfc(note), _marks(items)
    review.asked_at, review.asked_by_id = now.replace(microsecond=0), by.id if by else None
    review.useful_until = now + STILL_USEFUL
    session().flush()
    return review


def answer(
    review: Review,
    *,
    approved: bool,
    remark: str,
    shown: str,
    by: Account | None,
    now: datetime,
) -> None:
    """Approve what was shown, or return it with a remark.

    Raises ``AnsweredBefore``, ``RemarkMissing`` or ``ChangedMeanwhile``.
    """
    if review.state is not ReviewState.ASKED:
        raise errors.AnsweredBefore
    if not approved and not remark.strip():
        raise errors.RemarkMissing
    items = layer.items(review.plan)
    if shown != digest(items):
        raise errors.ChangedMeanwhile
    review.seen = _marks(items)
    review.state = ReviewState.APPROVED if approved else ReviewState.RETURNED
    review.remark = nfc(remark)
    review.answered_at, review.answered_by_id = now.replace(microsecond=0), by.id if by else None
    review.useful_until = now + STILL_USEFUL


def check(plan: Plan, items: Sequence[layer.Item]) -> Review | None:
    """The approval under which these may go out; None when nobody asked to see them.

    Raises ``SeenFirst``.
    """
    parent = reviewer_of(plan)
    if parent is None or not items:
        return None
    review = latest(plan)
    approved = review is not None and review.state is ReviewState.APPROVED
    if review is None or not approved or not _covers(review, items):
        raise errors.SeenFirst(unit=parent.name)
    return review


def check_alone(plan: Plan, scope: Scope) -> None:
    """Whether one activity may go out by itself. Raises ``SeenFirst``."""
    parent = reviewer_of(plan)
    if parent is not None and not scope.covers(parent):
        raise errors.SeenFirst(unit=parent.name)


def digest(items: Sequence[layer.Item]) -> str:
    """Stands for everything that is shown; another draft has another digest."""
    return hashlib.sha256("".join(item.mark for item in items).encode()).hexdigest()[:20]


def _marks(items: Sequence[layer.Item]) -> dict[str, str]:
    return {str(item.activity.id): item.mark for item in items}


def _covers(review: Review, items: Sequence[layer.Item]) -> bool:
    return all(review.seen.get(str(item.activity.id)) == item.mark for item in items)
