"""Reminders about the reports that units owe, for those from which none has come."""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from accounts.models import Unit
from core import clock
from core.database import LocalDay, UtcDateTime, session
from core.i18n import N_
from events.models import Campaign, Deadline, DeadlineKind
from events.reminding import unit_of, units_among
from notifications.planning import BEGINNING
from notifications.reminders.declared import About, Anchor, Audience, Rows, Sort, Suggestion
from reports.deadlines import ABOVE, ADDRESSEE, Owner
from reports.models import Snapshot

KINDS = (DeadlineKind.UNIT_REPORT, DeadlineKind.DEPARTMENT_REPORT)


def subjects() -> Rows:
    """The deadlines at which reports are owed; they are the same for all units."""
    return (
        sa.select(
            Deadline.id.label("subject_id"),
            sa.cast(sa.null(), sa.BigInteger).label("unit_id"),
            Campaign.title.label("title"),
            sa.literal(BEGINNING, UtcDateTime()).label("counts_from"),
            sa.cast(sa.cast(sa.extract("epoch", Deadline.due_at), sa.BigInteger), sa.Text).label(
                "mark"
            ),
            Deadline.due_at.label("due"),
        )
        .join(Deadline.campaign)
        .where(Deadline.kind.in_(KINDS))
    )


def silent(about: About) -> Rows:
    """Units below that of the reminder which owe the report and have not frozen one."""
    top = aliased(Unit)
    consolidated = Owner.kind.in_(ABOVE)
    is_owed = sa.case(
        (Deadline.kind == DeadlineKind.DEPARTMENT_REPORT, consolidated), else_=~consolidated
    )
    done = sa.exists().where(
        Snapshot.unit_id == Unit.id,
        Snapshot.campaign_id == Deadline.campaign_id,
        LocalDay(Snapshot.made_at) > Campaign.ends_on,
    )
    day = LocalDay(Deadline.due_at)
    owing = (
        sa.select(Unit.id.label("unit_id"), Unit.path, Deadline.id.label("subject_id"))
        .join(Owner, Owner.id == ADDRESSEE)
        .join(Deadline, is_owed)
        .join(Campaign, Campaign.id == Deadline.campaign_id)
        .where(Deadline.kind.in_(KINDS), ~done)
        .where(sa.or_(Unit.valid_from.is_(None), Unit.valid_from <= day))
        .where(sa.or_(Unit.valid_until.is_(None), Unit.valid_until >= day))
    ).subquery()
    return units_among(owing, about).where(
        top.id == about.unit_id, owing.c.path.startswith(top.path)
    )


def facts(subject_id: int, member: str, _locale: str) -> Mapping[str, str]:
    """What the fields stand for."""
    deadline = session().scalars(
        sa.select(Deadline).where(Deadline.id == subject_id).options(joinedload(Deadline.campaign))
    ).one()  # fmt: skip
    unit = unit_of(member)
    addressee = (unit.reports_to or unit.parent) if unit else None
    year = deadline.campaign.year
    return {
        "name": unit.name if unit else "",
        "week": deadline.campaign.title,
        "when": f"{clock.local(deadline.due_at):%d/%m/%Y}",
        "unit": addressee.name if addressee else "",
        "link": f"/office/{unit.code}/{year}/" if unit else "/office/",
    }


SORT = Sort(
    name="report",
    label=N_("Reports owed"),
    subjects=subjects,
    anchors=(Anchor("due", N_("the report's deadline")),),
    milestones=("due",),
    fields={
        "week": N_("the week"),
        "when": N_("the day of the deadline"),
        "unit": N_("the unit that the report goes to"),
        "name": N_("the name of the unit that is reminded"),
        "link": N_("the address of the unit's report"),
    },
    facts=facts,
    link=lambda _subject_id: "/office/",
    suggestions=(
        Suggestion(
            "five_days", N_("Five days before the report is due"), "silent", "due", -5, 450,
            N_("Report due on {when}: {name}"),
            N_("The report of {name} on {week} is due on {when}, to {unit}.\n\n"
               "Most figures stand there already; please look and confirm them: {link}"),
        ),
        Suggestion(
            "day_after", N_("The day after the deadline"), "silent", "due", 1, 450,
            N_("Report overdue: {name}"),
            N_("The report of {name} on {week} was due on {when} and has not come to {unit}.\n\n"
               "Please confirm the figures and make the report here: {link}"),
        ),
    ),
    audiences=(Audience("silent", N_("Units from which no report has come"), silent),),
)  # fmt: skip
"""Reminders about reports."""
