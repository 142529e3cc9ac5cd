"""What the desk asks about activities; shape only."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _
from wtforms import RadioField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Optional

from accounts.models import Unit
from core import clock
from core.forms import Form
from events import labels
from events.describing import Description
from events.fields import LONG, SHORT, Day, Hour, Number, Pick, PickSeveral, said
from events.models import (
    Activity,
    ActivityKind,
    Audience,
    Counting,
    Format,
    Theme,
    Venue,
)


class WhatForm(Form):
    """What it is; first, as on the page, so that faults are told in the page's order."""

    title = StringField(
        said("Name of the activity"), [DataRequired(said("The name is missing.")), SHORT]
    )
    kind = Pick(said("Kind of activity"), [InputRequired(said("The kind is not chosen."))])
    summary = TextAreaField(said("What it is about"), [Optional(), LONG])
    themes = PickSeveral(said("Themes"), [Optional()])


class WhenForm(Form):
    """From when to when, as wall clocks show it."""

    first_on = Day(said("First day"), [InputRequired(said("The first day is missing."))])
    starts = Hour(said("Begins at"), description=said("Leave both hours empty for whole days."))
    last_on = Day(
        said("Last day"),
        [Optional()],
        description=said("Leave empty when it is on one day; otherwise every day at these hours."),
    )
    ends = Hour(said("Ends at"))

    def validate_starts(self, field: Any) -> None:
        """Two hours or none."""
        if not field.process_errors and field.data is None and self.ends.data is not None:
            raise ValidationError(_("The time of the beginning is missing."))

    def validate_ends(self, field: Any) -> None:
        """Two hours or none; the end after the beginning."""
        if not field.process_errors and field.data is None and self.starts.data is not None:
            raise ValidationError(_("The time of the end is missing."))
        complete = self.first_on.data and not (self.starts.errors or field.process_errors)
        if complete and self.ends_at <= self.starts_at:
            raise ValidationError(_("The end must come after the start."))

    @property
    def starts_at(self) -> datetime:
        """The beginning as a moment."""
        return _moment(self.first_on.data, self.starts.data or time())

    @property
    def ends_at(self) -> datetime:
        """The end as a moment."""
        last = self.last_on.data or self.first_on.data
        if self.ends.data is None:
            return _moment(last, time()) + timedelta(days=1)
        return _moment(last, self.ends.data)

    def show_when(self, activity: Activity) -> None:
        """Fill in when an activity is."""
        first, last = clock.local(activity.starts_at), clock.local(activity.ends_at)
        if clock.is_whole_days(activity.starts_at, activity.ends_at):
            last -= timedelta(days=1)
        else:
            self.starts.data, self.ends.data = first.time(), last.time()
        self.first_on.data = first.date()
        self.last_on.data = last.date() if last.date() != first.date() else None


class PlaceForm(WhenForm):
    """When and where."""

    venue = Pick(said("Venue"), [Optional()])
    place = StringField(
        said("The place in words"),
        [Optional(), SHORT],
        description=said("For many places, or a room inside the venue."),
    )

    def offer_venues(self, venues: Iterable[Venue]) -> None:
        """The venues one may choose."""
        listed = [(str(venue.id), venue.name) for venue in venues]
        self.venue.choices = [("", _("No venue from the list")), *listed]

    def show_place(self, activity: Activity) -> None:
        """Fill in where an activity is."""
        self.venue.data = str(activity.venue_id or "")
        self.place.data = activity.place


class ActivityForm(WhatForm, PlaceForm):
    """Everything about one activity."""

    unit = Pick(said("Held by"), [InputRequired(said("The unit is not chosen."))])
    contact = StringField(
        said("Person in charge"),
        [Optional(), SHORT],
        description=said("Seen by staff only."),
    )
    format = RadioField(said("Format"), validate_choice=False, default=Format.IN_PERSON.value)
    join_link = StringField(
        said("Link to join online"),
        [Optional(), SHORT],
        description=said("Begins with https://"),
    )
    audience = RadioField(said("For whom"), validate_choice=False, default=Audience.EVERYONE.value)
    invited = PickSeveral(said("Units invited"))
    counting = RadioField(
        said("How people are counted"), validate_choice=False, default=Counting.TICKETS.value
    )
    seats = Number(
        said("Seats"), [Optional()], low=1, high=100_000,
        description=said("Leave empty when there is no limit."),
    )  # fmt: skip
    opens_before = Number(said("Doors open, minutes before"), [Optional()], high=1440, default=30)
    closes_after = Number(said("Doors close, minutes after"), [Optional()], high=1440, default=30)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kind.choices = [("", _("Please choose")), *_offered(labels.KINDS)]
        self.themes.choices = _offered(labels.THEMES)
        self.format.choices = _offered(labels.FORMATS)
        self.audience.choices = _offered(labels.AUDIENCES)
        self.counting.choices = _offered(labels.COUNTINGS)

    def offer_units(self, hosts: Iterable[Unit], all_units: Iterable[Unit]) -> None:
        """The units that may host, and those that may be invited."""
        listed = [(unit.code, unit.name) for unit in hosts]
        self.unit.choices = listed if len(listed) == 1 else [("", _("Please choose")), *listed]
        if len(listed) == 1 and not self.unit.data:
            self.unit.data = listed[0][0]
        self.invited.choices = [(unit.code, unit.short_name) for unit in all_units]

    def validate_format(self, field: Any) -> None:
        """One of ours."""
        _one_of(Format, field)

    def validate_audience(self, field: Any) -> None:
        """One of ours."""
        _one_of(Audience, field)

    def validate_counting(self, field: Any) -> None:
        """One of ours."""
        _one_of(Counting, field)

    def validate_join_link(self, field: Any) -> None:
        """An address that a browser opens."""
        if field.data and not is_web_address(field.data):
            raise ValidationError(_("Please type a whole address that begins with https://."))

    def validate_invited(self, field: Any) -> None:
        """Units are named when the activity is for them."""
        if self.audience.data == Audience.UNITS.value and not field.data:
            raise ValidationError(_("Please choose the units that are invited."))

    def show(self, activity: Activity) -> None:
        """Fill in an activity."""
        self.show_when(activity)
        self.show_place(activity)
        for name in ("title", "contact", "summary", "join_link", "seats"):
            self[name].data = getattr(activity, name)
        for name in ("kind", "format", "audience", "counting"):
            self[name].data = getattr(activity, name).value
        self.opens_before.data, self.closes_after.data = (
            activity.opens_before,
            activity.closes_after,
        )
        self.unit.data = activity.unit.code
        self.themes.data = [row.theme.value for row in activity.themes]
        self.invited.data = [row.unit.code for row in activity.invited_units]

    def described(self, units: dict[str, Unit], venue: Venue | None) -> Description:
        """What was said, as the rules take it."""
        return Description(
            kind=ActivityKind(self.kind.data),
            title=self.title.data or "",
            unit=units[self.unit.data],
            counting=Counting(self.counting.data),
            summary=self.summary.data or "",
            format=Format(self.format.data),
            join_link=self.join_link.data or "",
            venue=venue,
            place=self.place.data or "",
            contact=self.contact.data or "",
            audience=Audience(self.audience.data),
            seats=self.seats.data,
            opens_before=_or(self.opens_before.data, 30),
            closes_after=_or(self.closes_after.data, 30),
            themes=frozenset(Theme(theme) for theme in self.themes.data or []),
            invited_units=[units[code] for code in self.invited.data or []],
        )


class EvidenceForm(Form):
    """One minh chứng."""

    note = StringField(
        said("What it shows"), [DataRequired(said("Please say what it shows.")), SHORT]
    )
    link = StringField(
        said("Link to the article, photo or recording"),
        [Optional(), SHORT],
        description=said("Begins with https://"),
    )
    number = Number(
        said("How many"), [Optional()], description=said("Banners, articles, entries, books…")
    )

    def validate_link(self, field: Any) -> None:
        """An address that a browser opens."""
        if field.data and not is_web_address(field.data):
            raise ValidationError(_("Please type a whole address that begins with https://."))


class CancelForm(Form):
    """Why an activity is called off."""

    reason = StringField(
        said("Reason"),
        [
            DataRequired(said("Please give the reason; everyone who is registered will read it.")),
            SHORT,
        ],
    )


def is_web_address(text: str) -> bool:
    """Whether the text is a whole http address, without blanks or quotes."""
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(host) and not set(text) & set(" \"'<>\\")


def _offered(names: Any) -> list[tuple[str, str]]:
    return [(member.value, _(name)) for member, name in names.items()]


def _one_of(kind: Any, field: Any) -> None:
    if field.data not in set(kind):
        raise ValidationError(_("Please choose one of the values offered."))


def _or(number: int | None, usual: int) -> int:
    return usual if number is None else number


def _moment(day: Any, hour: Any) -> datetime:
    return clock.from_wall(datetime.combine(day, hour))
