"""Taking back what a take-over made, as long as nobody worked on it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from core import search_keeping
from core.database import Base, session
from core.paging import portions
from events.cloning import errors
from events.cloning.models import Cloning
from events.models import (
    Activity,
    ActivityState,
    Assignment,
    Deadline,
    Evidence,
    Plan,
    PlanState,
)
from events.releases.models import Review

_UNTOUCHED_DRAFT = sa.and_(
    Activity.state == ActivityState.DRAFT,
    Activity.created_at == Activity.changed_at,
    Activity.id.not_in(sa.select(Evidence.activity_id).where(Evidence.activity_id.is_not(None))),
)
_NOT_HANDED_OUT = sa.and_(
    Assignment.told_at.is_(None), Assignment.received_at.is_(None), Assignment.done_at.is_(None)
)
_STILL_EMPTY = sa.and_(
    Plan.state == PlanState.DRAFT,
    Plan.version == 0,
    Plan.document_symbol == "",
    Plan.id.not_in(sa.select(Activity.plan_id)),
    Plan.id.not_in(sa.select(Assignment.plan_id)),
    Plan.id.not_in(sa.select(Review.plan_id)),
)


@dataclass(frozen=True)
class Undone:
    """How many went, and how many stay because someone worked on them."""

    activities: int
    duties: int
    stay: int


def undo(cloning: Cloning) -> Undone:
    """Take back the drafts, duties and empty plans that the last keeping made.

    Raises ``NothingToUndo``.
    """
    made: dict[str, list[int]] = cloning.outcome.get("made", {})
    if not made:
        raise errors.NothingToUndo
    activities = _taken_back(Activity, made["activities"], _UNTOUCHED_DRAFT)
    duties = _taken_back(Assignment, made["duties"], _NOT_HANDED_OUT)
    session().flush()
    _taken_back(Plan, made["plans"], _STILL_EMPTY)
    _taken_back(Deadline, made["deadlines"], sa.true())
    cloning.kept_at, cloning.outcome = None, {}
    stay = len(made["activities"]) + len(made["duties"]) - activities - duties
    session().flush()
    session().expire_all()
    return Undone(activities, duties, stay)


def _taken_back(model: type[Base], numbers: Sequence[int], may_go: Any) -> int:
    key = sa.inspect(model).primary_key[0]
    gone = 0
    for some in portions(numbers):
        asked = sa.delete(model).where(key.in_(some), may_go).returning(key)
        without_orm = asked.execution_options(synchronize_session=False)
        went: Iterable[int] = session().scalars(without_orm).all()
        search_keeping.written(model, went)
        gone += len(list(went))
    return gone
