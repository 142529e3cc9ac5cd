"""A proposal as a few lines for a person at a terminal."""

from collections.abc import Iterator
from datetime import date

from events.models import CampaignKind
from events.proposals.proposal import Proposal

_CAMPAIGNS = {
    CampaignKind.WEEK: "tuần lễ",
    CampaignKind.MOVEMENT: "phong trào",
    None: "không phải kế hoạch",
}
_UNKNOWN = "?"


def lines(proposal: Proposal) -> Iterator[str]:
    """What was understood, the facts first, then the lists, then what is odd."""
    yield f"{_CAMPAIGNS[proposal.campaign]}: {proposal.title or _UNKNOWN}"
    number = f"{proposal.number or _UNKNOWN}/{proposal.symbol or _UNKNOWN}"
    yield f"Ban hành: {proposal.issuer or _UNKNOWN}, số {number}, {_day(proposal.issued_on)}"
    yield f"Thời gian: {_day(proposal.starts_on)} - {_day(proposal.ends_on)}"
    yield f"Khai mạc: {_day(proposal.opening_on)}"
    yield f"Chủ đề: {proposal.theme or _UNKNOWN}"
    for phase in proposal.phases:
        yield f"  giai đoạn: {phase.title} ({_day(phase.starts_on)} - {_day(phase.ends_on)})"
    for activity in proposal.activities:
        yield f"  hoạt động: [{activity.kind.value}] {activity.title} ({_day(activity.starts_on)})"
    for duty in proposal.duties:
        yield f"  phân công: [{duty.role.value}] {duty.unit}: {duty.text} ({_day(duty.due_on)})"
    for report in proposal.reporting:
        yield f"  báo cáo: {report.unit} → {', '.join(report.to)} ({_day(report.due_on)})"
    for caution in proposal.warnings:
        where = f"dòng {caution.source.line}: " if caution.source else ""
        yield f"  lưu ý: {where}{caution.text}"


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else _UNKNOWN
