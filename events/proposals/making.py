"""One activity out of a stretch of text: its days, place, manner and audience."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from events.models import UNATTENDED
from events.proposals import dates, kinds, wording
from events.proposals.proposal import ProposedActivity, Source
from events.proposals.week import Run
from events.proposals.wording import Piece

_BRACKETS = re.compile(
    r"\((?:trong )?(?:cả|suốt) tuần(?: lễ)?\)"
    r"|\b(?:trong )?(?:suốt|cả|toàn bộ) (?:thời gian (?:diễn ra |tổ chức )?)?Tuần(?: lễ|[.,;]|$)"
    r"|\btrong thời gian (?:diễn ra |tổ chức )?Tuần lễ",
    re.IGNORECASE,
)
_WHOLE_WEEK = re.compile(r"(?:cả|suốt|trong|toàn) (?:thời gian )?tuần", re.IGNORECASE)
_ONLY_START = re.compile(r"(?:từ|bắt đầu|kể từ)(?: ngày)? ?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Season:
    """The year that fills a day without one, and the days of the week."""

    year: int | None
    run: Run | None


def made(piece: Piece, source: Source, season: Season, said: Mapping[str, str]) -> ProposedActivity:
    """The activity that a stretch of text names, with what labels or columns say of it."""
    when = _said(said, "thời gian") or piece.text
    span = dates.held(when, season.year)
    is_open = span is not None and not span.is_range and _ONLY_START.search(when[: span.start])
    starts_on = span.first if span else None
    ends_on = span.last if span and not is_open else None
    whole_week = _WHOLE_WEEK.search(_said(said, "thời gian") or "") or _BRACKETS.search(piece.text)
    if span is None and season.run and whole_week:
        starts_on, ends_on = season.run.starts_on, season.run.ends_on
    whom = _said(said, "đối tượng", "thành phần", "khách mời")
    about = " ".join([piece.text, *said.values()])
    return ProposedActivity(
        title=wording.title(piece.text),
        kind=piece.kind,
        format=kinds.format_of(_said(said, "hình thức", "phương thức") or about),
        place=_said(said, "địa điểm", "địa chỉ", "nơi") or wording.place(piece.text),
        audience=None if piece.kind in UNATTENDED else kinds.audience_of(piece.text, whom),
        starts_on=starts_on,
        ends_on=ends_on,
        source=source,
    )


def _said(said: Mapping[str, str], *labels: str) -> str | None:
    return next((value for key, value in said.items() if key.startswith(labels)), None)


def gather(
    found: list[ProposedActivity], named: list[ProposedActivity], sentence: str, season: Season
) -> None:
    """Take in what a sentence names, or say of the activity before it when it is."""
    if not named and found and dates.is_only_when(sentence):
        found[-1] = dated(found[-1], sentence, season)
    found += named


def dated(activity: ProposedActivity, sentence: str, season: Season) -> ProposedActivity:
    """The activity at the time and place of a sentence of their own: "Dự kiến ngày 05/10."."""
    span = dates.held(sentence, season.year)
    days = (span.first, span.last) if span and not activity.starts_on else None
    starts_on, ends_on = days or (activity.starts_on, activity.ends_on)
    place = activity.place or wording.place(sentence)
    return replace(activity, starts_on=starts_on, ends_on=ends_on, place=place)


def in_manner(
    found: list[ProposedActivity], named: list[ProposedActivity], sentence: str
) -> list[ProposedActivity]:
    """How the one activity of a sentence is held, which a later clause may say."""
    manner = kinds.format_of(sentence)
    if len(named) != 1 or named[0].format or not manner:
        return found
    return [*found[:-1], replace(found[-1], format=manner)]
