"""Reading a document: from its lines to a proposal. The one door of this package."""

from dataclasses import replace
from datetime import date

from events.models import ActivityKind, CampaignKind
from events.proposals import bases, dates, movement, week
from events.proposals.activities import activities
from events.proposals.closing import Closing, closing
from events.proposals.document import Document
from events.proposals.duties import duties
from events.proposals.header import Header, header
from events.proposals.making import Season
from events.proposals.oddities import cautions
from events.proposals.outline import Item, outline
from events.proposals.proposal import (
    Caution,
    DocumentKind,
    Proposal,
    ProposedActivity,
    WarningCode,
)
from events.proposals.reporting import reporting


def read(document: Document) -> Proposal:
    """What the rules understand of the document; nothing is guessed silently."""
    head = header(document.lines)
    foot = closing(document.lines, head.body)
    body = document.lines[head.body : foot.start] + document.lines[foot.end :]
    root = outline(list(body))
    kind = head.kind or _manner(root, head)
    planned = movement.campaign(head, root, kind)
    if planned is None:
        return _no_plan(document, head, foot, kind)
    return _plan(document, head, foot, root, kind, planned)


def _plan(
    document: Document,
    head: Header,
    foot: Closing,
    root: Item,
    kind: DocumentKind | None,
    planned: CampaignKind,
) -> Proposal:
    year = head.year or _year(head, root)
    is_week = planned is CampaignKind.WEEK
    run = week.run(root, head.title, year) if is_week else None
    found = activities(root, Season(year, run))
    opening_on = (week.opening(root, year) or _first_opening(found)) if is_week else None
    odd = list(cautions(document, head, root, tuple(document.lines[head.body :])))
    if run is None:
        odd.insert(0, _no_week(head))
    return Proposal(
        campaign=planned,
        phases=() if is_week else movement.phases(root, year),
        kind=kind,
        issuer=head.issuer or (None if kind is DocumentKind.NEWS else bases.speaker(root)),
        superior=head.superior if head.issuer else bases.superior(root),
        number=head.number,
        symbol=head.symbol,
        place=head.place,
        issued_on=head.issued_on,
        title=head.title,
        bases=bases.told_of(root) if kind is DocumentKind.NEWS else bases.bases(root),
        theme=week.theme(root),
        starts_on=run.starts_on if run else None,
        ends_on=run.ends_on if run else None,
        opening_on=opening_on,
        activities=_opened(found, opening_on, week.opening_place(root)),
        duties=duties(root, year),
        reporting=reporting(root, year),
        recipients=foot.recipients,
        signer=foot.signer,
        warnings=tuple(odd),
    )


def _first_opening(found: tuple[ProposedActivity, ...]) -> date | None:
    """The day of the first activity that opens the week."""
    return next((a.starts_on for a in found if a.kind is ActivityKind.OPENING), None)


def _opened(
    found: tuple[ProposedActivity, ...], opening_on: date | None, opening_place: str | None
) -> tuple[ProposedActivity, ...]:
    """The activities, the first opening held when and where another sentence says."""
    first = next((a for a in found if a.kind is ActivityKind.OPENING), None)
    if first is None:
        return found
    days = (first.starts_on, first.ends_on) if first.starts_on else (opening_on, opening_on)
    place = first.place or opening_place
    dated = replace(first, starts_on=days[0], ends_on=days[1], place=place)
    return tuple(dated if activity is first else activity for activity in found)


def _manner(root: Item, head: Header) -> DocumentKind | None:
    """A text without number, addressee or name of kind that tells of a plan is a news item."""
    paragraphs = [item for item in root.below() if len(item.text) > 60]
    return DocumentKind.NEWS if head.title and paragraphs else None


def _year(head: Header, root: Item) -> int | None:
    for text in [head.title or "", *(item.text for item in root.below())]:
        year = dates.year_in(text)
        if year:
            return year
    return None


def _no_week(head: Header) -> Caution:
    text = "Văn bản không nói tuần lễ diễn ra từ ngày nào đến ngày nào."
    return Caution(WarningCode.NO_WEEK, text, head.title_source)


def _no_plan(
    document: Document, head: Header, foot: Closing, kind: DocumentKind | None
) -> Proposal:
    text = "Đây không phải là kế hoạch tổ chức tuần lễ hay phong trào học tập."
    if not document.lines:
        text = "Văn bản không có chữ nào; nếu là bản chụp, xin dùng văn bản gốc."
    return Proposal(
        campaign=None,
        phases=(),
        kind=kind,
        issuer=head.issuer,
        superior=head.superior,
        number=head.number,
        symbol=head.symbol,
        place=head.place,
        issued_on=head.issued_on,
        title=head.title,
        bases=(),
        theme=None,
        starts_on=None,
        ends_on=None,
        opening_on=None,
        activities=(),
        duties=(),
        reporting=(),
        recipients=foot.recipients,
        signer=foot.signer,
        warnings=(Caution(WarningCode.NOT_A_PLAN, text, None),),
    )
