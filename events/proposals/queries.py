"""Which documents somebody may see."""

import sqlalchemy as sa
from sqlalchemy.orm import defer, joinedload

from accounts.scope import Scope
from events.proposals.models import Proposal


def proposals(scope: Scope) -> sa.Select[Proposal]:
    """The documents of units inside a scope, the latest first."""
    return (
        sa.select(Proposal)
        .where(scope.owns(Proposal.unit_id))
        .options(
            defer(Proposal.text),
            joinedload(Proposal.unit),
            joinedload(Proposal.account),
            joinedload(Proposal.plan),
        )
        .order_by(Proposal.created_at.desc(), Proposal.id.desc())
    )


def proposal_in(scope: Scope, number: int) -> sa.Select[Proposal]:
    """One document of a unit inside a scope."""
    return (
        sa.select(Proposal)
        .where(Proposal.id == number, scope.owns(Proposal.unit_id))
        .options(joinedload(Proposal.unit), joinedload(Proposal.plan))
    )
