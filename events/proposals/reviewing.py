"""Everything that the review of one proposal needs, read from the database."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from accounts.models import Unit
from accounts.scope import Scope, subtree
from accounts.tree.heirs import Heirs
from core.database import session
from events import queries
from events.duties.groups import reach
from events.models import Activity, Assignment, Campaign, Plan
from events.proposals import proposal as understanding
from events.proposals.building import Builder, Setting
from events.proposals.comparing import Earlier, compare, words_of
from events.proposals.matching import Directory
from events.proposals.models import Proposal, ProposalState
from events.proposals.parts import Choice, Part, PartKind, Standing


@dataclass
class Review:
    """A proposal, its parts as they stand, and what they would go into."""

    proposal: Proposal
    understood: understanding.Proposal
    parts: list[Part]
    setting: Setting
    plan: Plan | None
    """The plan that the unit has already."""

    @property
    def open(self) -> list[Part]:
        """The parts about which nobody has decided."""
        return [part for part in self.parts if part.is_open]

    @property
    def doubtful(self) -> list[Part]:
        """The open parts that should be looked at one by one."""
        return [part for part in self.open if part.is_doubtful or part.standing is Standing.GONE]

    @property
    def clear(self) -> list[Part]:
        """The open parts that nothing speaks against."""
        doubtful = {part.key for part in self.doubtful}
        return [part for part in self.open if part.key not in doubtful]

    @property
    def left_out(self) -> list[Part]:
        """Parts that somebody decided to leave out."""
        return [part for part in self.parts if part.choice is Choice.DROP]

    @property
    def decided(self) -> int:
        """How many parts somebody decided about."""
        return self.total - len(self.open)

    @property
    def total(self) -> int:
        """How many parts there are to decide about."""
        return sum(part.standing is not Standing.SAME for part in self.parts)

    @property
    def missing(self) -> list[str]:
        """Names of units that the document speaks of and we have not got, each once."""
        open_duties = [p for p in self.parts if p.kind in CARRIED and p.choice is None]
        names = [
            name
            for part in open_duties if part.standing is not Standing.GONE
            for name in self.setting.directory.match(part.values["phrase"]).missing
        ]  # fmt: skip
        return list(dict.fromkeys(names))

    @property
    def leaderless(self) -> list[Part]:
        """Open duties for which no unit is known."""
        return [
            part for part in self.open
            if part.kind in CARRIED and part.standing is not Standing.GONE
            and not part.values["units"]
        ]  # fmt: skip

    def part(self, key: str) -> Part | None:
        """The part with this key."""
        return next((part for part in self.parts if part.key == key), None)


CARRIED = frozenset({PartKind.DUTY, PartKind.REPORTING})
"""Parts that a unit carries."""


def review(proposal: Proposal, administered: Scope, *, today: date) -> Review:
    """Lay a proposal beside the units, weeks and plans that there are."""
    understood = understanding.Proposal.from_json(proposal.understood)
    setting = _setting(proposal.unit, administered, today)
    builder = Builder(understood, proposal.lines, proposal.decisions, setting)
    parts = builder.build()
    plan = _plan(builder.week, proposal.unit)
    if plan is not None and proposal.state is ProposalState.OPEN:
        earlier = _earlier(plan, proposal, setting)
        parts = compare(parts, plan, earlier, proposal.decisions)
    return Review(proposal, understood, parts, setting, plan)


def _setting(unit: Unit, administered: Scope, today: date) -> Setting:
    below = list(session().scalars(subtree(unit).present(today)))
    reachable = list(session().scalars(reach(unit).present(today)))
    root = int(unit.path.split("/")[1])
    around = sa.or_(sa.literal(unit.path).startswith(Unit.path), Unit.parent_id == unit.parent_id)
    others = session().scalars(
        sa.select(Unit)
        .where(around, Unit.id != unit.id, Unit.was_there(today))
        .order_by(sa.func.length(Unit.path), Unit.id)
    )
    return Setting(
        unit=unit,
        directory=Directory(unit, reachable, list(others), Heirs(today).gone()),
        hosts=below,
        campaigns=list(
            session().scalars(
                sa.select(Campaign)
                .options(selectinload(Campaign.deadlines))
                .order_by(Campaign.starts_on.desc(), Campaign.id)
            )
        ),
        venues=list(session().scalars(queries.venues_near(subtree(unit)))),
        may_set_up=f"/{root}/" in administered.paths,
        today=today,
    )


def _plan(campaign: Campaign | None, unit: Unit) -> Plan | None:
    if campaign is None:
        return None
    return session().scalar(
        sa.select(Plan)
        .where(Plan.campaign_id == campaign.id, Plan.unit_id == unit.id)
        .options(
            joinedload(Plan.campaign),
            selectinload(Plan.activities).options(
                joinedload(Activity.venue), joinedload(Activity.unit)
            ),
            selectinload(Plan.assignments).joinedload(Assignment.unit),
        )
    )


def _earlier(plan: Plan, proposal: Proposal, setting: Setting) -> Earlier | None:
    """What came of the document that was taken into this plan before."""
    before = session().scalar(
        sa.select(Proposal)
        .where(Proposal.plan_id == plan.id, Proposal.state == ProposalState.TAKEN)
        .where(Proposal.id != proposal.id)
        .order_by(Proposal.changed_at.desc(), Proposal.id.desc())
        .limit(1)
    )
    if before is None:
        return None
    told = understanding.Proposal.from_json(before.understood)
    nothing: dict[str, Any] = {}
    parts = Builder(told, before.lines, nothing, setting).build()
    named = {PartKind.ACTIVITY, *CARRIED}
    told_parts = [part for part in parts if part.kind in named]
    return Earlier(
        said={part.key: words_of(part) for part in told_parts},
        values={part.key: part.values for part in told_parts},
        made={key: list(rows) for key, rows in before.made.items()},
    )
