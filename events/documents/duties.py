"""The duties of a plan as a document tells them: unit by unit, leading ones first."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from events.models import Assignment, DutyRole, Plan


@dataclass
class Share:
    """What one unit, or one group of units, has to do."""

    who: str
    lines: list[str] = field(default_factory=list)


def shares(plan: Plan) -> list[Share]:
    """Each unit with its duties, in the order of the plan; who helps stands with who leads."""
    found: dict[str, Share] = {}
    for task in _tasks(plan):
        for who, line in _told(task):
            share = found.setdefault(who, Share(who))
            if line not in share.lines:
                share.lines.append(line)
    return list(found.values())


def carriers(plan: Plan) -> list[str]:
    """The units and groups that carry duties, as recipients."""
    names = dict.fromkeys(_name(duty) for duty in plan.assignments if duty.unit_id != plan.unit_id)
    return [f"{name} (để t/h)" for name in names]


def _tasks(plan: Plan) -> Iterator[list[Assignment]]:
    """Rows that are one duty together: those with one task number, any other alone."""
    together: dict[object, list[Assignment]] = {}
    for duty in sorted(plan.assignments, key=lambda d: (d.position, d.id)):
        key = ("task", duty.task) if duty.task is not None else ("row", duty.id)
        together.setdefault(key, []).append(duty)
    yield from together.values()


def _told(task: list[Assignment]) -> Iterator[tuple[str, str]]:
    """Who is told what of one duty."""
    by_role = {role: _names(task, role) for role in DutyRole}
    leads, helpers = by_role[DutyRole.LEAD], by_role[DutyRole.COORDINATE]
    first = task[0]
    what = _what(first)
    for who in leads:
        others = [name for name in (*leads, *helpers) if name != who]
        beside = f", phối hợp với {_listed(others)}" if others else ""
        yield who, _led(what, f"Chủ trì{beside}")
    for who in by_role[DutyRole.DO]:
        yield who, _sentence(what)
    if not leads:
        for who in helpers:
            yield who, _led(what, "Phối hợp")


def _led(what: str, part: str) -> str:
    """The duty under the part that the unit has in it, unless its own words say that part."""
    said = part.split(",")[0].casefold()
    return _sentence(what) if what.startswith(said) else f"{part}: {what}"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _what(duty: Assignment) -> str:
    text = duty.duty.strip().rstrip(".;, ")
    due = f", hoàn thành trước ngày {duty.due_on:%d/%m/%Y}" if duty.due_on else ""
    return f"{text[:1].lower() + text[1:] if not text[:2].isupper() else text}{due}"


def _names(task: list[Assignment], role: DutyRole) -> list[str]:
    return list(dict.fromkeys(_name(duty) for duty in task if duty.role is role))


def _name(duty: Assignment) -> str:
    """A unit by its name; units that were named together by the words for their group."""
    name = duty.group_name or duty.unit.name
    return name[:1].upper() + name[1:]


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} và {names[-1]}"
