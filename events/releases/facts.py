"""What a version says of an activity, and how two versions differ; plain JSON values.

``values`` is everything an organiser may change, by ids; a waiting change is kept
in these terms. ``facts`` is what people read, by names; a version freezes its
public half. ``compare`` says what became of each activity between two versions.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from accounts.models import Unit
from events.describing import Description
from events.models import (
    Activity,
    ActivityKind,
    ActivityState,
    Audience,
    Counting,
    Format,
    Theme,
    Venue,
)

Values = dict[str, Any]
Facts = dict[str, Any]
Change = dict[str, Any]

PUBLIC_FIELDS = (
    "when",
    "place",
    "title",
    "kind",
    "unit",
    "format",
    "audience",
    "invited",
    "themes",
    "seats",
    "summary",
)
"""What the public reads, in the order in which a change is told."""
STAFF_FIELDS = ("contact", "join_link", "counting", "opens_before", "closes_after")
MOVES = ("when", "place")
"""A change of these makes people come at another time or to another place."""


def values(activity: Activity) -> Values:
    """Everything that an organiser may change about an activity, as it stands."""
    return {
        "title": activity.title,
        "kind": activity.kind.value,
        "unit": activity.unit_id,
        "summary": activity.summary,
        "themes": sorted(row.theme.value for row in activity.themes),
        "starts_at": _iso(activity.starts_at),
        "ends_at": _iso(activity.ends_at),
        "venue": activity.venue_id,
        "place": activity.place,
        "contact": activity.contact,
        "format": activity.format.value,
        "join_link": activity.join_link,
        "audience": activity.audience.value,
        "invited": sorted(row.unit_id for row in activity.invited_units),
        "counting": activity.counting.value,
        "seats": activity.seats,
        "opens_before": activity.opens_before,
        "closes_after": activity.closes_after,
    }


def said(described: Description, starts_at: datetime, ends_at: datetime) -> Values:
    """The same of what an organiser has just said."""
    return {
        "title": " ".join(described.title.split()),
        "kind": described.kind.value,
        "unit": described.unit.id,
        "summary": described.summary,
        "themes": sorted(theme.value for theme in described.themes),
        "starts_at": _iso(starts_at),
        "ends_at": _iso(ends_at),
        "venue": described.venue.id if described.venue else None,
        "place": " ".join(described.place.split()),
        "contact": described.contact,
        "format": described.format.value,
        "join_link": described.join_link if described.format is not Format.IN_PERSON else "",
        "audience": described.audience.value,
        "invited": _invited(described),
        "counting": described.counting.value,
        "seats": described.seats,
        "opens_before": described.opens_before,
        "closes_after": described.closes_after,
    }


def described(
    wanted: Values, units: Mapping[int, Unit], venues: Mapping[int, Venue]
) -> tuple[Description, datetime, datetime]:
    """What the rules of activities take, from values."""
    return (
        Description(
            kind=ActivityKind(wanted["kind"]),
            title=wanted["title"],
            unit=units[wanted["unit"]],
            counting=Counting(wanted["counting"]),
            summary=wanted["summary"],
            format=Format(wanted["format"]),
            join_link=wanted["join_link"],
            venue=venues[wanted["venue"]] if wanted["venue"] else None,
            place=wanted["place"],
            contact=wanted["contact"],
            audience=Audience(wanted["audience"]),
            seats=wanted["seats"],
            opens_before=wanted["opens_before"],
            closes_after=wanted["closes_after"],
            themes=frozenset(Theme(theme) for theme in wanted["themes"]),
            invited_units=[units[number] for number in wanted["invited"]],
        ),
        datetime.fromisoformat(wanted["starts_at"]),
        datetime.fromisoformat(wanted["ends_at"]),
    )


def facts(
    activity: Activity, wanted: Values, units: Mapping[int, Unit], venues: Mapping[int, Venue]
) -> Facts:
    """What people would read if the values held: names in place of ids."""
    venue = venues[wanted["venue"]].name if wanted["venue"] else ""
    invited = [units[number].short_name for number in wanted["invited"]]
    return {
        "slug": activity.slug,
        "state": activity.state.value,
        "reason": activity.cancelled_reason,
        "when": [wanted["starts_at"], wanted["ends_at"]],
        "place": ", ".join(name for name in (venue, wanted["place"]) if name),
        "unit": units[wanted["unit"]].name,
        "invited": ", ".join(invited),
        **{
            name: wanted[name]
            for name in (*PUBLIC_FIELDS, *STAFF_FIELDS)
            if name not in {"when", "place", "unit", "invited"}
        },
    }


def public(told: Facts) -> Facts:
    """The half of the facts that a version freezes and the public reads."""
    return {name: told[name] for name in ("slug", "state", "reason", *PUBLIC_FIELDS)}


def compare(before: Mapping[str, Facts], after: Mapping[str, Facts]) -> list[Change]:
    """What became of each activity from one version to the next, by day and hour."""
    found = [
        change
        for number in {**before, **after}
        if (change := difference(number, before.get(number), after.get(number)))
    ]
    return sorted(found, key=lambda change: (change["when"], change["activity"]))


def difference(number: str, before: Facts | None, after: Facts | None) -> Change | None:
    """What became of one activity; None when a reader would notice nothing."""
    told = after or before
    if told is None:
        return None
    fields: list[list[Any]] = []
    if before is None:
        what = "new"
    elif after is None:
        what = "withdrawn"
    elif after["state"] == ActivityState.CANCELLED and before["state"] != after["state"]:
        what = "cancelled"
    else:
        fields = fields_changed(before, after)
        if not fields:
            return None
        what = "moved" if any(name in MOVES for name, _old, _new in fields) else "changed"
    return {
        "what": what,
        "activity": int(number),
        "fields": fields,
        **{name: told[name] for name in ("slug", "title", "unit", "when", "place", "reason")},
    }


def fields_changed(before: Facts, after: Facts) -> list[list[Any]]:
    """Each field that differs, with what it was and what it is."""
    names: Iterable[str] = (
        n for n in (*PUBLIC_FIELDS, *STAFF_FIELDS) if n in before and n in after
    )
    return [[name, before[name], after[name]] for name in names if before[name] != after[name]]


def _invited(described: Description) -> list[int]:
    if described.audience is not Audience.UNITS:
        return []
    return sorted({unit.id for unit in described.invited_units})


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
