"""What the week or movement of a document is called, and in which years it runs."""

import re
from datetime import date

from core.text import folded
from events.models import Campaign, CampaignKind
from events.proposals.proposal import Proposal

TITLE = 300
"""Letters that a title may have; the rest stands below it."""


def is_meant(campaign: Campaign, told: Proposal, year: int) -> bool:
    """Whether this is the week or movement that the document speaks of."""
    if campaign.kind is CampaignKind.WEEK:
        return campaign.year == year
    return campaign.year == year or (
        campaign.starts_on.year <= year <= campaign.ends_on.year
        and folded(campaign.title) == folded(campaign_title(told, year))
    )


def years_of(told: Proposal) -> tuple[int, int] | None:
    """From which year to which a movement runs: by its phases, else by its name."""
    starts = [phase.starts_on.year for phase in told.phases if phase.starts_on]
    ends = [phase.ends_on.year for phase in told.phases if phase.ends_on]
    if starts and ends:
        return min(starts), max(ends)
    named = re.search(r"\b(20\d\d)\s*(?:[-–—]|đến(?: năm)?)\s*(20\d\d)\b", told.title or "")
    return (int(named[1]), int(named[2])) if named and named[1] <= named[2] else None


def year_of(told: Proposal) -> int:
    """The year of the week, or the first of the movement."""
    day = told.starts_on or told.opening_on or told.issued_on
    found = re.findall(r"\b(20\d\d)\b", told.title or "")
    years = years_of(told) if told.campaign is CampaignKind.MOVEMENT else None
    if told.starts_on or years:
        return told.starts_on.year if told.starts_on else years[0] if years else 0
    return int(found[0]) if found else (day.year if day else date.min.year)


def campaign_title(told: Proposal, year: int) -> str:
    """What the week or movement is called."""
    if told.campaign is CampaignKind.MOVEMENT:
        quoted = re.search(r"[“\"«]([^”\"»]{10,250})[”\"»]", told.title or "")
        return (quoted[1] if quoted else told.title or "")[:TITLE]
    return f"Tuần lễ hưởng ứng học tập suốt đời năm {year}"


def symbol(told: Proposal) -> str:
    """The number with its symbol, only when the records office gave a number."""
    if not told.number:
        return ""
    return f"{told.number}/{(told.symbol or '').lstrip('/')}".rstrip("/")


def shortened(title: str) -> str:
    """A title of a length that can be kept."""
    if len(title) <= TITLE:
        return title
    return title[: TITLE - 1].rsplit(" ", 1)[0] + "…"
