"""What reminders about activities hang on and say, and which units they reach."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from accounts.models import Account, Grant, Role, Unit
from accounts.scope import Scope
from core.clock import is_whole_days, local
from core.database import UtcDateTime, session
from core.i18n import N_, translate
from events import queries
from events.models import Activity, ActivityKind, ActivityState, InvitedUnit
from notifications.reminders.declared import About, Anchor, Audience, Found, Rows, Sort, Suggestion

ACTIVITY = "activity"
UNIT = "u"
"""What stands before the number of a unit that is reminded."""


def subjects() -> Rows:
    """The activities that take place."""
    starts, ends = (sa.cast(sa.extract("epoch", moment), sa.BigInteger) for moment in
                    (Activity.starts_at, Activity.ends_at))  # fmt: skip
    known = sa.func.coalesce(Activity.moved_at, Activity.released_at, Activity.created_at)
    return sa.select(
        Activity.id.label("subject_id"),
        Activity.unit_id.label("unit_id"),
        Activity.title.label("title"),
        sa.type_coerce(known, UtcDateTime()).label("counts_from"),
        (sa.cast(starts, sa.Text) + ":" + sa.cast(ends, sa.Text)).label("mark"),
        Activity.starts_at.label("start"),
        Activity.ends_at.label("end"),
        Activity.released_at.label("registration"),
    ).where(Activity.state == ActivityState.RELEASED)


def host_unit(about: About) -> Rows:
    """The unit that holds it: its address, else its own organisers."""
    return unit_members(Activity.unit_id, Activity.id == about.subject_id)


def invited_units(about: About) -> Rows:
    """The units whose staff it is for."""
    return unit_members(InvitedUnit.unit_id, InvitedUnit.activity_id == about.subject_id)


def unit_members(unit_id: Any, *among: sa.ColumnElement[bool]) -> Rows:
    """The units that a column names, as recipients."""
    to = addresses()
    return members_at(to).where(to.c.unit_id == unit_id, *among)


def units_among(chosen: sa.Subquery, about: About) -> Rows:
    """The units that a question names beside each subject, as recipients."""
    to = addresses()
    return members_at(to).where(
        to.c.unit_id == chosen.c.unit_id, chosen.c.subject_id == about.subject_id
    )


def members_at(to: sa.Subquery) -> Rows:
    """Units as recipients: the address of each, or of its own organisers when it has none."""
    return sa.select(
        (sa.literal(UNIT) + sa.cast(to.c.unit_id, sa.Text)).label("member"),
        to.c.unit_id.label("number"),
        to.c.address.label("recipient"),
        to.c.name.label("name"),
        to.c.unit_id.label("unit_id"),
        sa.literal("vi").label("locale"),
        sa.cast(sa.null(), UtcDateTime()).label("joined_at"),
    )


def addresses() -> sa.Subquery:
    """Each unit's address with its name; of a unit without one, those of its own organisers."""
    has_one = sa.func.coalesce(Unit.email, "") != ""
    own = sa.select(Unit.id.label("unit_id"), Unit.email.label("address"), Unit.name.label("name"))
    people = (
        sa.select(Grant.unit_id, Account.email, Unit.name)
        .join(Account, Account.id == Grant.account_id)
        .join(Unit, Unit.id == Grant.unit_id)
        .where(~has_one, Grant.role == Role.ORGANISER, Account.closed_at.is_(None))
    )
    return sa.union(own.where(has_one), people).subquery()


def unit_of(member: str) -> Unit | None:
    """The unit that a member of an audience is."""
    number = member.removeprefix(UNIT)
    is_unit = member.startswith(UNIT) and number.isdecimal()
    return session().get(Unit, int(number)) if is_unit else None


def facts(subject_id: int, member: str, locale: str) -> Mapping[str, str]:
    """What the fields stand for."""
    activity = session().scalars(
        sa.select(Activity)
        .where(Activity.id == subject_id)
        .options(joinedload(Activity.venue), joinedload(Activity.unit))
    ).one()  # fmt: skip
    reader = unit_of(member)
    return {
        "name": reader.name if reader else "",
        "activity": activity.title,
        "when": _when(activity, locale),
        "place": activity.where or activity.join_link,
        "unit": activity.unit.name,
        "link": activity.path,
    }


def _when(activity: Activity, locale: str) -> str:
    starts = local(activity.starts_at)
    day = f"{starts:%d/%m/%Y}"
    if is_whole_days(activity.starts_at, activity.ends_at):
        return day
    if locale == "vi":
        return f"{starts:%H} giờ {starts:%M} ngày {day}"
    return translate("%(hour)s on %(day)s", locale, hour=f"{starts:%H:%M}", day=day)


def _link(subject_id: int) -> str:
    activity = session().get(Activity, subject_id)
    return f"/desk/activities/{activity.slug}" if activity else "/desk/activities"


def _find(scope: Scope, slug: str) -> Found | None:
    activity = session().scalar(queries.activity_in(scope, slug))
    if activity is None:
        return None
    path = f"/desk/activities/{activity.slug}"
    return Found(activity.id, activity.unit, activity.title, path)


def is_contest(subject_id: int) -> bool:
    """Whether an activity is one that people enter."""
    activity = session().get(Activity, subject_id)
    return activity is not None and activity.kind is ActivityKind.CONTEST


def _has_guests(subject_id: int) -> bool:
    found = sa.select(InvitedUnit.unit_id).where(InvitedUnit.activity_id == subject_id)
    return session().scalar(found.limit(1)) is not None


SUGGESTIONS: Sequence[Suggestion] = (
    Suggestion(
        "this_morning", N_("The same morning"), "seat_holders", "start", 0, 6 * 60 + 30,
        N_("This morning: {activity}"),
        N_("We look forward to welcoming you today.\n\n{activity}\nWhen: {when}\nWhere: {place}\n\n"
           "All details and your ticket: {link}"),
    ),
    Suggestion(
        "three_days", N_("Three days before"), "seat_holders", "start", -3, 8 * 60,
        N_("In three days: {activity}"),
        N_("A seat is kept for you.\n\n{activity}\nWhen: {when}\nWhere: {place}\n\n"
           "If you cannot come, please give the seat back so that somebody else may have it: "
           "{link}"),
    ),
    Suggestion(
        "waiting", N_("To those who wait, the day before"), "waiting", "start", -1, 9 * 60,
        N_("Waiting list: {activity}"),
        N_("You are still on the waiting list of “{activity}” ({when}, {place}).\n\n"
           "As soon as a seat is free, a letter tells you. If you no longer wish to come, "
           "please withdraw here: {link}"),
    ),
    Suggestion(
        "thanks", N_("Thanks to those who came"), "came", "end", 1, 8 * 60,
        N_("Thank you for taking part: {activity}"),
        N_("Thank you for taking part in “{activity}”.\n\nWhat else is on: {link}"),
    ),
    Suggestion(
        "missed", N_("To those who did not come"), "did_not_come", "end", 1, 8 * 60,
        N_("We missed you: {activity}"),
        N_("A seat was kept for you at “{activity}”, and we missed you.\n\n"
           "Perhaps another activity of the week suits you: {link}"),
    ),
    Suggestion(
        "host", N_("To the host unit, two days before"), "host_unit", "start", -2, 7 * 60 + 30,
        N_("To be prepared: {activity}"),
        N_("{unit} holds “{activity}”, {when}, {place}.\n\n"
           "Please look once more at hall, sound, staff at the doors and paper: {link}"),
    ),
)  # fmt: skip

SORT = Sort(
    name=ACTIVITY,
    label=N_("Activities"),
    subjects=subjects,
    anchors=(
        Anchor("start", N_("the start")),
        Anchor("end", N_("the end")),
        Anchor("registration", N_("the opening of registration")),
    ),
    milestones=("start", "end"),
    fields={
        "activity": N_("what it is called"),
        "when": N_("day and hour"),
        "place": N_("where it is"),
        "unit": N_("the unit that holds it"),
        "link": N_("the address of the ticket or of the activity"),
        "name": N_("the recipient's name"),
    },
    facts=facts,
    link=_link,
    suggestions=SUGGESTIONS,
    find=_find,
    audiences=(
        Audience("host_unit", N_("The host unit"), host_unit),
        Audience("invited_units", N_("The units it is for"), invited_units, fits=_has_guests),
    ),
)
"""Reminders about activities; who holds a seat and who came is known one floor above."""
