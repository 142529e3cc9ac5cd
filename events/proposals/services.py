"""A document is taken in, decided about part by part, put aside, or made a plan."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts import services as accounts
from accounts.models import Account, Unit
from core.database import session
from core.text import is_clean, nfc
from events.models import Campaign, CampaignKind
from events.proposals import proposal as understanding
from events.proposals.matching import kind_of
from events.proposals.models import Proposal, ProposalState
from events.proposals.parts import NEEDED, Choice, Part, Values
from events.proposals.refusals import (
    CannotBeDropped,
    NothingToRead,
    NotOpen,
    NotYetComplete,
    TooLong,
)
from events.proposals.reviewing import Review

MOST_LETTERS = 400_000


@dataclass(frozen=True)
class Reading:
    """What a document says: its lines, and what was understood of them."""

    text: str
    understood: understanding.Proposal


def take_in(
    reading: Reading, *, unit: Unit, by: Account, source_name: str, now: datetime
) -> Proposal:
    """Keep a document for review. Raises ``NothingToRead`` or ``TooLong``."""
    text = tidied(reading.text)
    if not text.strip():
        raise NothingToRead
    if len(text) > MOST_LETTERS:
        raise TooLong(n=MOST_LETTERS)
    proposal = Proposal(
        unit=unit,
        account_id=by.id,
        source_name=tidied(source_name).replace("\n", " ")[:200],
        text=text,
        understood=_tidied_json(reading.understood.to_json()),
        decisions={},
        made={},
        state=ProposalState.OPEN,
        created_at=now,
        changed_at=now,
    )
    session().add(proposal)
    session().flush()
    return proposal


def tidied(text: str | None) -> str:
    """Text as it can be kept and shown: composed, no control characters, plain line ends."""
    lines = (text or "").replace("\x0b", "\n").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    clean = ("".join(filter(is_clean, line)) if not is_clean(line) else line for line in lines)
    return "\n".join(map(nfc, clean))


def decide(
    review: Review, part: Part, choice: Choice | None, values: Values | None, *, now: datetime
) -> None:
    """Keep a part, as it is or with other values; drop it; or leave it open again.

    Raises ``NotOpen``, ``CannotBeDropped`` or ``NotYetComplete``.
    """
    _require_open(review.proposal)
    if choice is Choice.DROP and part.kind in NEEDED:
        raise CannotBeDropped
    if choice is Choice.KEEP and values is None and is_blocked(part):
        raise NotYetComplete
    _note(review.proposal, {part.key: (choice, values)}, now)


def keep_clear(review: Review, *, now: datetime) -> int:
    """Keep every open part that nothing speaks against; returns how many."""
    _require_open(review.proposal)
    clear = [part for part in review.clear if not is_blocked(part)]
    _note(review.proposal, {part.key: (Choice.KEEP, None) for part in clear}, now)
    return len(clear)


def drop_rest(review: Review, *, now: datetime) -> int:
    """Drop every open part that can be dropped; returns how many."""
    _require_open(review.proposal)
    rest = [part for part in review.open if part.kind not in NEEDED]
    _note(review.proposal, {part.key: (Choice.DROP, None) for part in rest}, now)
    return len(rest)


def take_up_left_out(review: Review, *, now: datetime) -> int:
    """Ask again about every part that was left out; returns how many."""
    _require_open(review.proposal)
    _note(review.proposal, {part.key: (None, None) for part in review.left_out}, now)
    return len(review.left_out)


def give_to_own_unit(review: Review, *, now: datetime) -> int:
    """Lay the duties of units that we have not got on the unit of the plan, under their names."""
    _require_open(review.proposal)
    parts = review.leaderless
    own = {"units": [review.setting.unit.code], "is_group": True}
    _note(review.proposal, {p.key: (Choice.KEEP, {**p.values, **own}) for p in parts}, now)
    return len(parts)


def add_units(review: Review, names: list[str]) -> list[Unit]:
    """Place units that the document names below the unit of the plan."""
    _require_open(review.proposal)
    wanted = [name for name in review.missing if name in names]
    return [
        accounts.create_unit(parent=review.setting.unit, name=name[:200], kind=kind_of(name))
        for name in wanted
    ]


def choose_week(review: Review, campaign: Campaign, *, now: datetime) -> None:
    """Lay the document into a week or movement that is there. Raises ``NotOpen``."""
    _require_open(review.proposal)
    part = review.part("campaign")
    before = part.values if part else {}
    chosen = {**before, "campaign": campaign.id, "kind": campaign.kind.value}
    _note(review.proposal, {"campaign": (Choice.KEEP, chosen)}, now)


def call_it(proposal: Proposal, kind: CampaignKind, *, now: datetime) -> None:
    """Take a document for a plan although it does not say so."""
    _require_open(proposal)
    proposal.understood = {**proposal.understood, "campaign": kind.value}
    proposal.changed_at = now


def discard(proposal: Proposal, *, now: datetime) -> None:
    """Put a document aside. Raises ``NotOpen``."""
    _require_open(proposal)
    proposal.state, proposal.changed_at = ProposalState.DISCARDED, now


def restore(proposal: Proposal, *, now: datetime) -> None:
    """Take a document up again that was put aside. Raises ``NotOpen``."""
    if proposal.state is not ProposalState.DISCARDED:
        raise NotOpen
    proposal.state, proposal.changed_at = ProposalState.OPEN, now


def is_blocked(part: Part) -> bool:
    """Whether something is missing without which the part cannot be kept."""
    return any(doubt.blocks for doubt in part.doubts)


def _require_open(proposal: Proposal) -> None:
    if proposal.state is not ProposalState.OPEN:
        raise NotOpen


def _note(
    proposal: Proposal, decided: dict[str, tuple[Choice | None, Values | None]], now: datetime
) -> None:
    """Write decisions down; values of before stay unless others are given."""
    kept: dict[str, Any] = dict(proposal.decisions)
    for key, (choice, values) in decided.items():
        before = kept.get(key, {})
        kept[key] = {
            "choice": choice.value if choice else None,
            "values": values if values is not None else before.get("values"),
        }
    proposal.decisions = kept
    proposal.changed_at = now


def _tidied_json(value: Any) -> Any:
    match value:
        case str():
            return tidied(value)
        case list():
            return [_tidied_json(item) for item in value]
        case dict():
            return {key: _tidied_json(item) for key, item in value.items()}
        case _:
            return value
