"""From what was understood of a document to the parts that a person decides about."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from accounts.models import Unit
from core.i18n import N_
from core.text import folded
from events.models import UNATTENDED, ActivityKind, Campaign, CampaignKind, Counting, Format, Venue
from events.proposals.doubting import about_campaign, about_units
from events.proposals.matching import Directory
from events.proposals.naming import (
    TITLE,
    campaign_title,
    is_meant,
    shortened,
    symbol,
    year_of,
    years_of,
)
from events.proposals.parts import Choice, Doubt, Part, PartKind, Values
from events.proposals.proposal import (
    Proposal,
    ProposedActivity,
    ProposedDuty,
    ProposedReporting,
    Source,
    WarningCode,
)
from events.sittings import MOST_DAYS

_SUSPICIOUS = {
    WarningCode.SPAM: N_("Here stands something that does not belong into a document."),
    WarningCode.FOREIGN_NAME: N_("Here stands a name that does not belong to this place."),
    WarningCode.BROKEN_REFERENCE: N_("Here the document refers to something that it has not got."),
}
"""Cautions that make every part of their line doubtful."""


@dataclass
class Setting:
    """Where a document is taken in: for which unit, beside which weeks and places."""

    unit: Unit
    directory: Directory
    hosts: list[Unit]
    """The unit and those below it, which may hold activities."""
    campaigns: list[Campaign]
    """The weeks and movements that are set up, the latest first."""
    venues: list[Venue]
    may_set_up: bool
    """Whether the actor may set up a week that is missing."""
    today: date

    def may_begin(self, kind: CampaignKind) -> bool:
        """A week is on everyone's first page, so only the top sets it up; not so a movement."""
        return self.may_set_up or kind is CampaignKind.MOVEMENT

    @property
    def week_at_hand(self) -> Campaign | None:
        """The week that is on or comes next."""
        weeks = [c for c in self.campaigns if c.kind is CampaignKind.WEEK]
        ahead = [week for week in weeks if week.ends_on >= self.today]
        return ahead[-1] if ahead else None


@dataclass
class Builder:
    """Makes the parts of one proposal, what a person decided laid over what was understood."""

    understood: Proposal
    lines: list[str]
    decisions: dict[str, Any]
    setting: Setting
    parts: list[Part] = field(default_factory=list)

    def build(self) -> list[Part]:
        """All parts, in the order of the page."""
        self.campaign = self._add(self._campaign())
        self.week = self._chosen_week()
        self._add(self._document())
        self.gaps = self._add(self._gaps())
        for number, activity in enumerate(self.understood.activities):
            self._add(self._activity(number, activity))
        for number, duty in enumerate(self.understood.duties):
            self._add(self._duty(number, duty))
        for number, reporting in enumerate(self.understood.reporting):
            self._add(self._reporting(number, reporting))
        if self.understood.recipients:
            self._add(self._recipients())
        return self.parts

    def _add(self, part: Part) -> Part:
        decided = self.decisions.get(part.key, {})
        part.choice = Choice(decided["choice"]) if decided.get("choice") else None
        if decided.get("values"):
            part.values = {**part.values, **decided["values"]}
            part.is_edited = True
            part.filled = frozenset()
        part.doubts += [
            Doubt(_SUSPICIOUS[caution.code])
            for caution in self.understood.warnings
            if caution.code in _SUSPICIOUS and caution.source and caution.source.line == part.line
        ]
        self.parts.append(part)
        return part

    def _chosen_week(self) -> Campaign | None:
        number = self.campaign.values["campaign"]
        return next((c for c in self.setting.campaigns if c.id == number), None)

    def _campaign(self) -> Part:
        told = self.understood
        kind = told.campaign
        year = year_of(told)
        known = next(
            (c for c in self.setting.campaigns if c.kind is kind and is_meant(c, told, year)), None
        )
        first, last = told.starts_on, told.ends_on
        years = years_of(told) if kind is CampaignKind.MOVEMENT and first is None else None
        if years:
            first, last = date(years[0], 1, 1), date(years[1], 12, 31)
        values: Values = {
            "kind": (kind or CampaignKind.WEEK).value,
            "campaign": known.id if known else None,
            "year": year,
            "title": known.title if known else campaign_title(told, year),
            "theme": told.theme or "",
            "starts_on": _iso(first or (known.starts_on if known else None)),
            "ends_on": _iso(last or (known.ends_on if known else None)),
            "opening_on": _iso(told.opening_on),
            "phases": [[p.title, _iso(p.starts_on), _iso(p.ends_on)] for p in told.phases],
        }
        part = Part("campaign", PartKind.CAMPAIGN, values, self._days_line())
        decided = self.decisions.get("campaign", {}).get("values")
        shown = {**values, **(decided or {})}
        may_begin = self.setting.may_begin(CampaignKind(shown["kind"]))
        part.doubts = about_campaign(shown, told, known, may_begin)
        if years and known is None:
            part.doubts.append(Doubt(N_("The document names only years; they are taken whole.")))
        return part

    def _days_line(self) -> Source | None:
        told = self.understood
        if told.campaign is CampaignKind.MOVEMENT and told.phases:
            return told.phases[0].source
        if told.starts_on is None:
            return self._line_with(told.theme)
        day, month = told.starts_on.day, told.starts_on.month
        pattern = re.compile(rf"\b0?{day}\s*(?:/|-|tháng)\s*0?{month}\b|\b0?{day}\s*(?:-|đến)")
        found = (n for n, line in enumerate(self.lines, 1) if pattern.search(line) and n > 3)
        if told.campaign is CampaignKind.MOVEMENT:
            return self._line_with(str(told.starts_on.year))
        return self._source(next(found, None)) or self._line_with(told.theme)

    def _document(self) -> Part:
        told = self.understood
        values: Values = {
            "title": (told.title or "")[:TITLE],
            "document_symbol": symbol(told),
            "issued_on": _iso(told.issued_on),
            "bases": list(told.bases),
        }
        part = Part("document", PartKind.DOCUMENT, values, self._line_with(told.title))
        if part.source is None:
            part.source = self._line_with(told.symbol)
        part.doubts += self._about_issuer()
        if not told.title:
            part.doubts.append(
                Doubt(N_("The document has no title that could be found."), blocks=True)
            )
        return part

    def _about_issuer(self) -> list[Doubt]:
        """Another unit's document may be taken in, but not unseen."""
        issuer = self.understood.issuer
        if not issuer or self.setting.unit in self.setting.directory.match(issuer).units:
            return []
        sentence = N_("The document comes from “%(issuer)s”, but the plan is for %(unit)s.")
        return [Doubt(sentence, {"issuer": issuer, "unit": self.setting.unit.name})]

    def _gaps(self) -> Part:
        """What to put where the document says nothing; it is said once for all activities."""
        values: Values = {"place": self.setting.unit.short_name, "starts": "08:00", "ends": "17:00"}
        part = Part("gaps", PartKind.GAPS, values)
        first = self.week.starts_on.isoformat() if self.week else self.campaign.values["starts_on"]
        last = self.week.ends_on.isoformat() if self.week else self.campaign.values["ends_on"]
        if self._is_movement:
            first = last = max(first or "", self.setting.today.isoformat())
            if any(activity.starts_on is None for activity in self.understood.activities):
                part.doubts.append(
                    Doubt(N_("The document names no day for its activities; choose when they are."))
                )
        part.values |= {"first_on": first, "last_on": last}
        return part

    @property
    def _is_movement(self) -> bool:
        return bool(self.campaign.values["kind"] == CampaignKind.MOVEMENT.value)

    def _activity(self, number: int, told: ProposedActivity) -> Part:
        opening = self.campaign.values["opening_on"] if told.kind is ActivityKind.OPENING else None
        gaps = self.gaps.values
        first = self._shifted(told.starts_on) or opening or gaps["first_on"]
        if told.kind is ActivityKind.OPENING:
            last = self._shifted(told.ends_on) or first
        else:
            last = self._shifted(told.ends_on or told.starts_on) or gaps["last_on"]
        venue = _venue(told.place, self.setting.venues)
        needs_place = told.format is not Format.ONLINE
        values: Values = {
            "title": shortened(told.title),
            "summary": told.title if len(told.title) > TITLE else "",
            "kind": told.kind.value,
            "format": (told.format or Format.IN_PERSON).value,
            "place": told.place or (gaps["place"] if needs_place else ""),
            "venue": venue.id if venue else None,
            "join_link": "",
            "first_on": first,
            "last_on": last,
            "starts": gaps["starts"],
            "ends": "10:00" if told.kind is ActivityKind.OPENING else gaps["ends"],
            "audience": told.audience.value if told.audience else "everyone",
            "counting": _counting(told, first == last).value,
            "unit": self.setting.unit.code,
        }
        filled = frozenset(
            name for name, is_told in (
                ("place", told.place), ("first_on", told.starts_on or opening), ("starts", None)
            ) if not is_told
        )  # fmt: skip
        part = Part(f"activity-{number}", PartKind.ACTIVITY, values, told.source, filled=filled)
        part.doubts = self._about_activity(self._decided(part), told)
        return part

    def _decided(self, part: Part) -> Values:
        """The values with what a person changed."""
        return {**part.values, **(self.decisions.get(part.key, {}).get("values") or {})}

    def _about_activity(self, values: Values, told: ProposedActivity) -> list[Doubt]:
        doubts = []
        if not values["first_on"]:
            doubts.append(Doubt(N_("No day is known for it yet."), blocks=True))
            return doubts
        first, last = _day(values["first_on"]), _day(values["last_on"] or values["first_on"])
        if (last - first).days >= MOST_DAYS:
            doubts.append(
                Doubt(N_("It runs longer than %(n)s days."), {"n": MOST_DAYS}, blocks=True)
            )
        if last < first:
            doubts.append(Doubt(N_("It ends before it starts."), blocks=True))
        week = self._week_days()
        if week and not (week[0] <= first and last <= week[1]):
            doubts.append(Doubt(N_("Its days are outside the week.")))
        if len(told.title) > TITLE:
            doubts.append(Doubt(N_("Its name is very long; please find a shorter one.")))
        if (
            values["format"] == Format.ONLINE.value
            and ActivityKind(values["kind"]) not in UNATTENDED
            and not values["join_link"]
        ):
            doubts.append(Doubt(N_("It is held online, but the document gives no link to join.")))
        return doubts

    def _week_days(self) -> tuple[date, date] | None:
        values = self.campaign.values
        if self.week:
            return self.week.starts_on, self.week.ends_on
        if values["starts_on"] and values["ends_on"]:
            return _day(values["starts_on"]), _day(values["ends_on"])
        return None

    def _duty(self, number: int, told: ProposedDuty) -> Part:
        match = self.setting.directory.match(told.unit)
        values: Values = {
            "phrase": told.unit,
            "units": [unit.code for unit in match.units],
            "is_group": match.is_group or len(match.units) > 1,
            "role": told.role.value,
            "duty": told.text[:1].upper() + told.text[1:],
            "due_on": self._shifted(told.due_on),
        }
        part = Part(f"duty-{number}", PartKind.DUTY, values, told.source)
        part.doubts = about_units(match, self._decided(part))
        return part

    def _reporting(self, number: int, told: ProposedReporting) -> Part:
        match = self.setting.directory.match(told.unit)
        values: Values = {
            "phrase": told.unit,
            "units": [unit.code for unit in match.units],
            "is_group": match.is_group or len(match.units) > 1,
            "to": list(told.to),
            "due_on": self._shifted(told.due_on),
        }
        part = Part(f"reporting-{number}", PartKind.REPORTING, values, told.source)
        part.doubts = about_units(match, self._decided(part))
        return part

    def _recipients(self) -> Part:
        listed = list(self.understood.recipients)
        return Part(
            "recipients", PartKind.RECIPIENTS, {"recipients": listed}, self._line_with(listed[0])
        )

    def _shifted(self, day: date | None) -> str | None:
        """A day of the document in the week that was chosen, when that is another one."""
        told = self.understood.starts_on
        if (
            day is None
            or self.week is None
            or told is None
            or told.year == self.week.starts_on.year
        ):
            return _iso(day)
        return _iso(day + timedelta(days=(self.week.starts_on - told).days))

    def _line_with(self, words: str | None) -> Source | None:
        wanted = folded(words or "")[:60]
        if not wanted:
            return None
        return self._source(
            next((n for n, line in enumerate(self.lines, 1) if wanted in folded(line)), None)
        )

    def _source(self, number: int | None) -> Source | None:
        return Source(number, self.lines[number - 1]) if number else None


def _venue(place: str | None, venues: Iterable[Venue]) -> Venue | None:
    wanted = folded(place or "")
    return next((v for v in venues if wanted and folded(v.name) == wanted), None)


def _counting(told: ProposedActivity, is_one_day: bool) -> Counting:
    """How people are counted, until somebody says otherwise."""
    if told.kind in UNATTENDED or told.kind is ActivityKind.RESOURCE:
        return Counting.EVIDENCE
    planned = {ActivityKind.OPENING, ActivityKind.TALK, ActivityKind.COURSE}
    return Counting.TICKETS if told.kind in planned and is_one_day else Counting.TALLY


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str) -> date:
    return date.fromisoformat(text)
