"""What an organiser says about an activity, but when it is, and how that is put down."""

from dataclasses import dataclass, field
from typing import Any

from accounts.models import Unit
from events import errors
from events.models import (
    UNATTENDED,
    Activity,
    ActivityKind,
    ActivityTheme,
    Audience,
    Counting,
    Format,
    InvitedUnit,
    Theme,
    Venue,
)


@dataclass(frozen=True)
class Description:
    """Everything but the time."""

    kind: ActivityKind
    title: str
    unit: Unit
    counting: Counting
    summary: str = ""
    format: Format = Format.IN_PERSON
    join_link: str = ""
    venue: Venue | None = None
    place: str = ""
    contact: str = ""
    audience: Audience = Audience.EVERYONE
    seats: int | None = None
    opens_before: int = 30
    closes_after: int = 30
    themes: frozenset[Theme] = frozenset()
    invited_units: list[Unit] = field(default_factory=list)


def described_as(activity: Activity) -> Description:
    """What was said about one that stands."""
    return Description(
        kind=activity.kind,
        title=activity.title,
        unit=activity.unit,
        counting=activity.counting,
        summary=activity.summary,
        format=activity.format,
        join_link=activity.join_link,
        venue=activity.venue,
        place=activity.place,
        contact=activity.contact,
        audience=activity.audience,
        seats=activity.seats,
        opens_before=activity.opens_before,
        closes_after=activity.closes_after,
        themes=frozenset(row.theme for row in activity.themes),
        invited_units=[row.unit for row in activity.invited_units],
    )


def describe(activity: Activity, described: Description) -> None:
    """Put down what is said."""
    activity.unit, activity.venue = described.unit, described.venue
    for key, value in said(described).items():
        setattr(activity, key, value)
    _set_themes(activity, described.themes)
    _set_invited(activity, described)


def said(described: Description) -> dict[str, Any]:
    """What stands in columns of the activity itself."""
    is_at_a_place = described.format is Format.IN_PERSON
    return {
        "kind": described.kind,
        "title": _one_line(described.title),
        "summary": described.summary,
        "format": described.format,
        "join_link": "" if is_at_a_place else described.join_link,
        "place": _one_line(described.place),
        "contact": described.contact,
        "audience": described.audience,
        "seats": described.seats,
        "counting": described.counting,
        "opens_before": described.opens_before,
        "closes_after": described.closes_after,
    }


def unreachable(
    *, title: str, is_online: bool, where: str, join_link: str
) -> errors.PlaceMissing | errors.JoinLinkMissing | None:
    """Why a visitor would not find it, or None."""
    if not is_online and not where:
        return errors.PlaceMissing(title=title)
    if is_online and not join_link:
        return errors.JoinLinkMissing(title=title)
    return None


def check_reachable(activity: Activity) -> None:
    """Whoever comes knows where to go; to what nobody attends there is no way.

    Raises ``PlaceMissing`` or ``JoinLinkMissing``.
    """
    if activity.kind in UNATTENDED:
        return
    refusal = unreachable(
        title=activity.title,
        is_online=activity.format is Format.ONLINE,
        where=activity.where,
        join_link=activity.join_link,
    )
    if refusal:
        raise refusal


def _one_line(words: str) -> str:
    return " ".join(words.split())


def _set_themes(activity: Activity, themes: frozenset[Theme]) -> None:
    kept = [row for row in activity.themes if row.theme in themes]
    new = themes - {row.theme for row in kept}
    activity.themes[:] = kept + [ActivityTheme(theme=theme) for theme in sorted(new)]


def _set_invited(activity: Activity, described: Description) -> None:
    units = described.invited_units if described.audience is Audience.UNITS else []
    kept = [row for row in activity.invited_units if row.unit in units]
    present = [row.unit for row in kept]
    new = [InvitedUnit(unit=unit) for unit in units if unit not in present]
    activity.invited_units[:] = kept + new
