"""A document beside the plan as it stands: what is new in it, what differs, what is gone."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from core import clock
from core.i18n import N_
from core.text import folded
from events.models import Activity, ActivityState, Assignment, Plan
from events.proposals.parts import Choice, Difference, Doubt, Part, PartKind, Standing, Values

ALIKE = 0.72
"""How alike two names must be to mean the same thing."""

BY_HAND = N_("The document says the same as before; the plan was changed by hand since then.")


@dataclass
class Earlier:
    """What came of the parts of the document that was taken in before, by what they said."""

    said: dict[str, str]
    """The words of each part, by its key."""
    values: dict[str, Values]
    """Everything that each part said, by its key."""
    made: dict[str, list[int]]
    """The rows of each part, by its key."""


def compare(parts: list[Part], plan: Plan, earlier: Earlier | None, choices: Any) -> list[Part]:
    """Say of each part how it stands to the plan; what is gone is added at the end."""
    activities = [a for a in plan.activities if a.state is not ActivityState.CANCELLED]
    gone = _compare_activities(
        [p for p in parts if p.kind is PartKind.ACTIVITY], activities, earlier
    )
    duties = _clusters(plan.assignments)
    carried = {PartKind.DUTY, PartKind.REPORTING}
    gone += _compare_duties([p for p in parts if p.kind in carried], duties, earlier)
    _compare_reports(parts)
    _compare_document(parts, plan)
    for part in gone:
        choice = choices.get(part.key, {}).get("choice")
        part.choice = Choice(choice) if choice else None
    return [*parts, *gone]


def words_of(part: Part) -> str:
    """What a part says, by which it is known again."""
    values = part.values
    if part.kind is PartKind.ACTIVITY:
        return folded(values["summary"] or values["title"])
    if part.kind is PartKind.REPORTING:
        return folded(f"{values['phrase']}: {report_duty(values)}")
    return folded(f"{values.get('phrase', '')}: {values.get('duty', '')}")


def report_duty(values: dict[str, Any]) -> str:
    """The duty to report in words."""
    to = ", ".join(values["to"])
    return f"Báo cáo kết quả thực hiện gửi {to}" if to else "Báo cáo kết quả thực hiện"


def _compare_activities(
    parts: list[Part], rows: list[Activity], earlier: Earlier | None
) -> list[Part]:
    by_number = {row.id: row for row in rows}
    free = dict(by_number)
    for part in parts:
        known = [n for n in _known_rows(part, earlier) if n in free]
        if known:
            row = free.pop(known[0])
            _stands(part, known, _activity_differences(part, row))
            _mark_by_hand(part, earlier)
            _fill_from(row, part)
    for part in [p for p in parts if not p.rows]:
        words = folded(part.values["title"])
        best = max(free.values(), key=lambda row: _likeness(words, folded(row.title)), default=None)
        if best is not None and _likeness(words, folded(best.title)) >= ALIKE:
            del free[best.id]
            _stands(part, [best.id], _activity_differences(part, best))
            _fill_from(best, part)
    return [_gone(f"gone-activity-{row.id}", PartKind.ACTIVITY, row.title, [row.id])
            for row in free.values()]  # fmt: skip


def _fill_from(row: Activity, part: Part) -> None:
    """What no document says of an activity is as the plan has it, until a person changes it."""
    if part.is_edited:
        return
    part.values |= {
        "unit": row.unit.code,
        "format": row.format.value,
        "join_link": row.join_link,
        "counting": row.counting.value,
        "audience": row.audience.value,
        "summary": row.summary or part.values["summary"],
    }


def _activity_differences(part: Part, row: Activity) -> list[Difference]:
    values, told = part.values, set(part.values) - part.filled
    first, last = clock.local(row.starts_at), clock.local(row.ends_at)
    found = [Difference(N_("Name of the activity"), row.title, values["title"])]
    found.append(Difference(N_("Kind of activity"), row.kind.value, values["kind"]))
    if "first_on" in told:
        found.append(Difference(N_("First day"), first.date().isoformat(), values["first_on"]))
        found.append(Difference(N_("Last day"), last.date().isoformat(), values["last_on"]))
    if "starts" in told:
        found.append(Difference(N_("Begins at"), f"{first:%H:%M}", values["starts"]))
        found.append(Difference(N_("Ends at"), f"{last:%H:%M}", values["ends"]))
    if "place" in told and not (row.venue and row.venue.name == values["place"]):
        found.append(Difference(N_("Place"), row.where, values["place"]))
    return [one for one in found if folded(str(one.before)) != folded(str(one.after))]


def _compare_duties(
    parts: list[Part], clusters: list[list[Assignment]], earlier: Earlier | None
) -> list[Part]:
    free = list(clusters)
    for part in parts:
        known = set(_known_rows(part, earlier))
        cluster = next((c for c in free if known & {row.id for row in c}), None)
        if cluster is None:
            words = folded(_duty_text(part))
            wanted = set(part.values["units"])
            alike = [
                c for c in free
                if c[0].role.value == _role(part)
                and _likeness(words, folded(c[0].duty)) >= ALIKE
                and (not wanted or wanted & {row.unit.code for row in c})
            ]  # fmt: skip
            cluster = max(alike, key=lambda c: _likeness(words, folded(c[0].duty)), default=None)
        if cluster is not None:
            free.remove(cluster)
            _stands(part, [row.id for row in cluster], _duty_differences(part, cluster))
            _mark_by_hand(part, earlier)
    return [
        _gone(f"gone-duty-{c[0].id}", PartKind.DUTY, c[0].duty, [row.id for row in c],
              phrase=c[0].group_name or ", ".join(row.unit.short_name for row in c))
        for c in free
    ]  # fmt: skip


def _compare_reports(parts: list[Part]) -> None:
    """A report that its sentence lays on the unit as a duty stands where the duty stands."""
    duties = {part.line: part for part in parts if part.kind is PartKind.DUTY and part.rows}
    for part in parts:
        twin = duties.get(part.line)
        if part.kind is PartKind.REPORTING and not part.rows and twin is not None:
            _stands(part, twin.rows, [])


def _duty_differences(part: Part, cluster: list[Assignment]) -> list[Difference]:
    row = cluster[0]
    now, wanted = sorted({r.unit.code for r in cluster}), sorted(part.values["units"])
    due = row.due_on.isoformat() if row.due_on else ""
    found = [
        Difference(N_("Duty"), row.duty, _duty_text(part)),
        Difference(N_("What it does"), row.role.value, _role(part)),
        Difference(N_("Due on"), due, part.values["due_on"] or ""),
    ]
    if wanted and now != wanted and not (part.doubts and row.group_name):
        found.append(Difference(N_("Units"), now, wanted))
    return [one for one in found if folded(str(one.before)) != folded(str(one.after))]


def _compare_document(parts: list[Part], plan: Plan) -> None:
    for part in parts:
        if part.kind is PartKind.DOCUMENT:
            before = {
                "title": plan.title,
                "document_symbol": plan.document_symbol,
                "issued_on": plan.issued_on.isoformat() if plan.issued_on else None,
            }
            labels = {
                "title": N_("Title of the plan"),
                "document_symbol": N_("Number and symbol"),
                "issued_on": N_("Day of the document"),
            }
            found = [
                Difference(label, before[name] or "", part.values[name] or "")
                for name, label in labels.items()
                if (before[name] or "") != (part.values[name] or "")
            ]
            if plan.bases != part.values["bases"]:
                found.append(Difference(N_("Legal bases"), plan.bases, part.values["bases"]))
            _stands(part, [plan.id], found)
        elif part.kind is PartKind.RECIPIENTS:
            listed = plan.recipients.splitlines()
            told = Difference(N_("Recipients"), listed, part.values["recipients"])
            _stands(part, [plan.id], [] if told.before == told.after else [told])
        elif part.kind in {PartKind.CAMPAIGN, PartKind.GAPS} and not part.is_doubtful:
            part.standing = Standing.SAME


def _stands(part: Part, rows: list[int], differences: list[Difference]) -> None:
    part.rows, part.differences = rows, differences
    part.standing = Standing.CHANGED if differences else Standing.SAME
    if part.standing is Standing.SAME:
        part.doubts = []


def _mark_by_hand(part: Part, earlier: Earlier | None) -> None:
    """A difference that the document did not bring is not taken unseen."""
    if earlier is None or part.standing is not Standing.CHANGED:
        return
    words = words_of(part)
    key = next((key for key, said in earlier.said.items() if said == words), None)
    if key is not None and earlier.values[key] == part.values:
        part.doubts.append(Doubt(BY_HAND))


def _gone(key: str, kind: PartKind, words: str, rows: list[int], **more: Any) -> Part:
    name = "title" if kind is PartKind.ACTIVITY else "duty"
    return Part(key, kind, {name: words, **more}, standing=Standing.GONE, rows=rows)


def _known_rows(part: Part, earlier: Earlier | None) -> list[int]:
    """The rows that came of the same words the last time."""
    if earlier is None:
        return []
    words = words_of(part)
    return next((earlier.made[key] for key, said in earlier.said.items()
                 if said == words and earlier.made.get(key)), [])  # fmt: skip


def _clusters(rows: Iterable[Assignment]) -> list[list[Assignment]]:
    """Rows that are one duty, laid on several units at once."""
    found: dict[tuple[str, str, str], list[Assignment]] = {}
    for row in rows:
        found.setdefault((folded(row.duty), row.role.value, folded(row.group_name)), []).append(row)
    return list(found.values())


def _duty_text(part: Part) -> str:
    if part.kind is PartKind.REPORTING:
        return report_duty(part.values)
    return str(part.values["duty"])


def _role(part: Part) -> str:
    return str(part.values.get("role", "do"))


def _likeness(one: str, other: str) -> float:
    if one == other:
        return 1.0
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
        return 0.0
    return matcher.ratio()
