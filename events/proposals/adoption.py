"""What was kept of a document becomes a draft plan, with activities, duties and deadlines."""

from datetime import date, datetime, time

import sqlalchemy as sa

from accounts.models import Account
from core import clock
from core.database import session
from events import planning
from events.models import (
    Campaign,
    CampaignKind,
    Deadline,
    DeadlineKind,
    Plan,
)
from events.planning import WeekFacts
from events.proposals import laying
from events.proposals.models import Phase, ProposalState
from events.proposals.parts import Part, PartKind, Standing, Values
from events.proposals.refusals import CampaignTaken, NothingKept, StillOpen, WeekMissing
from events.proposals.reviewing import CARRIED, Review

OFFICE_CLOSES = time(17)
"""A report that is due on a day is due when the offices close."""


def adopt(review: Review, *, by: Account, now: datetime) -> Plan:
    """Do what was decided: all of it, once.

    Raises ``StillOpen``, ``NothingKept``, ``WeekMissing``, ``CampaignTaken``, and what
    the rules of plans and activities raise.
    """
    if review.open:
        raise StillOpen(count=len(review.open))
    if not any(part.is_kept for part in review.parts):
        raise NothingKept
    campaign, is_new = _campaign(review)
    plan = review.plan or planning.start_plan(campaign, review.setting.unit, title="")
    made: dict[str, list[int]] = {}
    document = review.part("document")
    if document is not None and (document.is_kept or not plan.title):
        _describe(plan, document.values)
    for part in review.parts:
        is_taken = part.is_kept and not _is_said_twice(review, part)
        rows = laying.take(review, plan, part, by, now) if is_taken else part.rows
        if part.kind in {PartKind.ACTIVITY, *CARRIED} and part.standing is not Standing.GONE:
            made[part.key] = list(rows)
    laying.join_tasks(plan, review, made)
    _write_passages(plan, review)
    if is_new or review.setting.may_set_up:
        _set_deadlines(campaign, review, plan)
    proposal = review.proposal
    proposal.made, proposal.plan = made, plan
    proposal.state, proposal.changed_at = ProposalState.TAKEN, now
    session().flush()
    return plan


def _campaign(review: Review) -> tuple[Campaign, bool]:
    """The week or movement that was chosen, or a new one."""
    part = review.part("campaign")
    values = part.values if part else {}
    number = values.get("campaign")
    chosen = next((c for c in review.setting.campaigns if c.id == number), None)
    if chosen is not None:
        return chosen, False
    may_begin = review.setting.may_begin(CampaignKind(values.get("kind", CampaignKind.WEEK)))
    if not may_begin or not (values.get("starts_on") and values.get("ends_on")):
        raise WeekMissing
    facts = WeekFacts(
        year=int(values["year"]),
        title=values["title"],
        starts_on=_day(values["starts_on"]),
        ends_on=_day(values["ends_on"]),
        opening_on=_day(values["opening_on"]) if values.get("opening_on") else None,
        theme=values["theme"],
    )
    if values["kind"] == CampaignKind.WEEK.value:
        return planning.create_week(facts, {}), True
    return _movement(facts, review), True


def _movement(facts: WeekFacts, review: Review) -> Campaign:
    twin = session().scalar(
        sa.select(Campaign).where(
            Campaign.kind == CampaignKind.MOVEMENT, Campaign.year == facts.year
        )
    )
    if twin is not None:
        raise CampaignTaken(title=twin.title)
    movement = Campaign(
        kind=CampaignKind.MOVEMENT,
        year=facts.year,
        title=facts.title,
        theme=facts.theme,
        starts_on=facts.starts_on,
        ends_on=facts.ends_on,
    )
    session().add(movement)
    session().flush()
    session().add_all(
        Phase(
            campaign=movement,
            position=position,
            title=phase.title,
            starts_on=phase.starts_on,
            ends_on=phase.ends_on,
        )
        for position, phase in enumerate(review.understood.phases)
    )
    return movement


def _describe(plan: Plan, values: Values) -> None:
    planning.edit_plan(
        plan,
        title=values["title"],
        document_symbol=values["document_symbol"],
        issued_on=_day(values["issued_on"]) if values["issued_on"] else None,
        bases=values["bases"],
    )


def _write_passages(plan: Plan, review: Review) -> None:
    """Whom the document goes to, and who signs it, where nobody has said it yet."""
    part, signer = review.part("recipients"), review.understood.signer
    told = {
        "recipients": "\n".join(part.values["recipients"]) if part and part.is_kept else "",
        "signing": "\n".join(line for line in (signer.authority, signer.title) if line),
    }
    is_taken = {"recipients": part is not None and part.is_kept, "signing": not plan.signing}
    fresh = {name: text for name, text in told.items() if text and is_taken[name]}
    planning.write_passages(plan, fresh)


def _is_said_twice(review: Review, part: Part) -> bool:
    """Whether a duty to report was kept as a duty already, out of the same sentence."""
    return part.kind is PartKind.REPORTING and any(
        other.kind is PartKind.DUTY
        and other.is_kept
        and other.line == part.line
        and set(other.values["units"]) >= set(part.values["units"])
        for other in review.parts
    )


def _set_deadlines(campaign: Campaign, review: Review, plan: Plan) -> None:
    """When reports are due, as far as nobody has said it before."""
    known = {row.kind for row in campaign.deadlines}
    letter = plan.document_symbol or plan.title
    for part in review.parts:
        if part.kind is not PartKind.REPORTING or not part.is_kept or not part.values["due_on"]:
            continue
        kind = _deadline_kind(part.values["to"], review)
        if kind not in known:
            due_at = clock.from_wall(datetime.combine(_day(part.values["due_on"]), OFFICE_CLOSES))
            campaign.deadlines.append(Deadline(kind=kind, due_at=due_at, letter=letter))
            known.add(kind)


def _deadline_kind(receivers: list[str], review: Review) -> DeadlineKind:
    """A report that stays inside is one of the units; one that leaves is the office's own."""
    inside = any(review.setting.directory.match(name).units for name in receivers)
    return DeadlineKind.UNIT_REPORT if inside else DeadlineKind.DEPARTMENT_REPORT


def _day(text: str) -> date:
    return date.fromisoformat(text)
