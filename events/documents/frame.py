"""What stands around the text of a plan's document: its number, bases, recipients, signature."""

from datetime import datetime

from accounts.models import Unit, UnitKind
from core import clock
from core.official import BLANK, in_month, on_day
from events.documents import duties
from events.models import Plan

COLLECTIVE = frozenset({UnitKind.PROVINCE, UnitKind.COMMUNE})
"""Bodies whose chairperson signs on behalf of the collective, and that name none above them."""

_BASES = ("căn cứ", "thực hiện", "xét", "theo", "sau khi")
"""How a base may begin by itself; what names only a document is preceded by the first."""


def subject(plan: Plan) -> str:
    """What the plan is about: its title without the word that names the kind of document.

    A title that says no more than that is about the campaign.
    """
    bare = plan.title.strip()
    if bare.casefold().startswith("kế hoạch"):
        bare = bare[len("kế hoạch") :].strip(" :-–—")
    bare = bare or f"tổ chức {plan.campaign.title}"
    return bare[:1].upper() + bare[1:]


def number(plan: Plan) -> str:
    """Number and symbol as the records office wrote them, else open with the unit's symbol."""
    if plan.document_symbol:
        return f" {plan.document_symbol}"
    return f"{BLANK}/KH-{plan.unit.symbol.upper() or '……'}"


def dated(plan: Plan, now: datetime) -> str:
    """The day of the signed document; without its number the day stays open as well."""
    if plan.issued_on and plan.document_symbol:
        return on_day(plan.issued_on)
    return f"ngày{BLANK}{in_month(plan.issued_on or clock.local_day(now))}"


def bases(plan: Plan) -> list[str]:
    """Each legal base on its line, the letter of the campaign among them, the last with a dot."""
    named = [line.strip().rstrip(".;, ") for line in plan.bases]
    letter = plan.campaign.letter.strip().rstrip(".;, ")
    if letter and not any(letter in line for line in named):
        named.append(letter)
    worded = [_based(line) for line in named if line]
    return [f"{line}{'.' if line is worded[-1] else ';'}" for line in worded]


def _based(line: str) -> str:
    if line.casefold().startswith(_BASES):
        return line[:1].upper() + line[1:]
    return f"Căn cứ {line}"


def superior(unit: Unit) -> str:
    """The body that stands above the issuer in the head; a people's committee names none."""
    return unit.parent.name if unit.parent and unit.kind not in COLLECTIVE else ""


def place(unit: Unit) -> str:
    """The place name before the day: the unit's own, else that of the unit above."""
    return unit.place or (unit.parent.place if unit.parent else "")


def signing(plan: Plan) -> list[str]:
    """The capacity of the signer as written, else what the unit's head signs as."""
    return lines_of(plan.signing) or proposed_signing(plan.unit)


def proposed_signing(unit: Unit) -> list[str]:
    """How the head of a unit signs: a people's committee's chairperson for the collective."""
    head = unit.head_title.upper() or "THỦ TRƯỞNG ĐƠN VỊ"
    is_chair = unit.kind in COLLECTIVE and head.startswith("CHỦ TỊCH")
    return ["TM. ỦY BAN NHÂN DÂN", head] if is_chair else [head]


def recipients(plan: Plan) -> list[str]:
    """Who receives it, as written, else those whom the plan itself concerns."""
    return lines_of(plan.recipients) or _proposed_recipients(plan)


def _proposed_recipients(plan: Plan) -> list[str]:
    unit, found = plan.unit, list[str]()
    addressee = unit.reports_to or unit.parent
    for above in {a.id: a for a in (addressee, unit.parent) if a}.values():
        found.append(f"{above.name} (để b/c)")
    found.append(f"Lãnh đạo {unit.short_name} (để b/c)")
    found += duties.carriers(plan) or ["Các phòng, đơn vị (để t/h)"]
    return [*found, "Lưu: VT"]


def lines_of(text: str) -> list[str]:
    """What was typed, line by line."""
    return [line.strip() for line in text.splitlines() if line.strip()]
