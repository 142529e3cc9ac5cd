"""What units state themselves: figures that nobody could count, and passages of text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from accounts import audit
from accounts.models import Account, Unit
from accounts.tree.history import subtree_on
from core.database import session
from core.text import nfc
from events.documents.frame import proposed_signing
from events.models import Campaign
from reports.errors import FigureOutOfRange, NoSuchPassage, NotDeclarable, ReasonMissing
from reports.indicators import BY_CODE, FRAME, PASSAGES, Indicator, Source
from reports.models import Declaration, Narrative

LARGEST = 999_999_999_999


@dataclass
class Declared:
    """A figure of the subtree that was stated, with those who stand for it."""

    indicator: Indicator
    value: int = 0
    units: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)

    @property
    def source(self) -> str:
        """Who stands for it, in the words of the documents."""
        said = "; ".join(dict.fromkeys(s for s in self.sources if s))
        names = ", ".join(self.units[:3])
        more = f" và {len(self.units) - 3} đơn vị khác" if len(self.units) > 3 else ""
        return f"Số liệu kê khai của {names}{more}" + (f" ({said})" if said else "")


def declare(
    unit: Unit,
    campaign: Campaign,
    code: str,
    *,
    value: int,
    source: str,
    reason: str,
    actor: Account,
    now: datetime,
) -> Declaration:
    """Add the unit's word on a figure; a change of an earlier one must say why."""
    indicator = BY_CODE.get(code)
    if indicator is None or indicator.source is Source.COUNTED:
        raise NotDeclarable
    if not 0 <= value <= LARGEST:
        raise FigureOutOfRange
    earlier = standing(unit, campaign).get(code)
    source, reason = nfc(source), nfc(reason)
    if earlier is not None and earlier.value == value and earlier.source == source:
        return earlier
    if earlier is not None and earlier.value != value and not reason:
        raise ReasonMissing
    row = Declaration(
        campaign_id=campaign.id,
        unit_id=unit.id,
        indicator=code,
        value=value,
        source=source,
        reason=reason,
        account_id=actor.id,
        declared_at=now,
    )
    session().add(row)
    audit.record(
        actor,
        unit,
        "figure.declared",
        f"figure:{code}",
        {"value": [earlier.value if earlier else None, value], "reason": reason},
        now,
    )
    return row


def write(
    unit: Unit, campaign: Campaign, section: str, text: str, *, actor: Account, now: datetime
) -> Narrative:
    """Keep a passage of the report as the office words it."""
    if section not in PASSAGES and section not in FRAME:
        raise NoSuchPassage
    row = session().scalar(
        sa.select(Narrative)
        .where(Narrative.campaign_id == campaign.id, Narrative.unit_id == unit.id)
        .where(Narrative.section == section)
    )
    if row is None:
        row = Narrative(campaign_id=campaign.id, unit_id=unit.id, section=section)
        session().add(row)
    row.text = nfc(text.replace("\r\n", "\n"))
    row.changed_at = now
    audit.record(
        actor, unit, "passage.written", f"passage:{section}", {"length": len(row.text)}, now
    )
    return row


def standing(unit: Unit, campaign: Campaign) -> dict[str, Declaration]:
    """The unit's own figures that hold now, by indicator."""
    rows = session().scalars(_last(campaign).where(Declaration.unit_id == unit.id))
    return {row.indicator: row for row in rows}


def of_subtree(unit: Unit, campaign: Campaign) -> dict[int, dict[str, Declaration]]:
    """The figures that hold now at the unit and below it, by unit id and indicator."""
    found: dict[int, dict[str, Declaration]] = {}
    rows = session().scalars(
        _last(campaign).where(subtree_on(unit, campaign.ends_on).owns(Declaration.unit_id))
    )
    for row in rows:
        found.setdefault(row.unit_id, {})[row.indicator] = row
    return found


def summed(
    unit: Unit, units: Mapping[int, str], stated: Mapping[int, Mapping[str, Declaration]]
) -> list[Declared]:
    """The subtree's figures: sums where units add up, else the unit's own word alone."""
    found: dict[str, Declared] = {}
    for unit_id, short_name in units.items():
        for code, row in stated.get(unit_id, {}).items():
            indicator = BY_CODE.get(code)
            if indicator is None or not (indicator.summable or unit_id == unit.id):
                continue
            one = found.setdefault(code, Declared(indicator))
            one.value += row.value
            one.units.append(short_name)
            one.sources.append(row.source)
    return [found[code] for code in BY_CODE if code in found]


def passages(unit: Unit, campaign: Campaign) -> dict[str, str]:
    """What the office has written, by section; an empty text is a choice too."""
    rows = session().scalars(
        sa.select(Narrative).where(
            Narrative.campaign_id == campaign.id, Narrative.unit_id == unit.id
        )
    )
    return {row.section: row.text for row in rows}


def proposed_frame(unit: Unit) -> dict[str, str]:
    """What stands around the text until the office words it otherwise."""
    addressee = unit.reports_to or unit.parent
    return {
        "addressees": addressee.name if addressee else "",
        "signing": "\n".join(proposed_signing(unit)),
        "signer": "",
        "recipients": "\n".join(
            ["Như trên", f"Lãnh đạo {unit.short_name} (để b/c)", "Các phòng, đơn vị", "Lưu: VT"]
        ),
    }


def _last(campaign: Campaign) -> sa.Select[Declaration]:
    last = (
        sa.select(sa.func.max(Declaration.id))
        .where(Declaration.campaign_id == campaign.id)
        .group_by(Declaration.unit_id, Declaration.indicator)
    )
    return sa.select(Declaration).where(Declaration.id.in_(last))
