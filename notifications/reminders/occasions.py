"""The one occasion of all reminders: who is to hear, asked in one statement per audience.

The subject of a message is ``<reminder>:<subject>:<member>``, its revision the
due moment in seconds. Right before sending it is asked again whether the
reminder is on, its subject stands where it stood, and the person belongs to it.
"""

import re
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.database import session
from notifications.occasions import Letter, Occasion
from notifications.reminders import queries, wording
from notifications.reminders.declared import SORTS, Rows
from notifications.reminders.models import ReminderRule

NAME = "reminder"
_NUMBER = re.compile(r"\d+")
_SORT_AND_AUDIENCE = sa.select(ReminderRule.sort, ReminderRule.audience).where(
    ReminderRule.id == sa.bindparam("rule")
)


def audience(since: datetime, now: datetime) -> Rows | None:
    """Everybody for whom a reminder falls due in the span."""
    parts = [
        queries.recipients(sort, among, queries.falling_due(since, now))
        for name, chosen in queries.audiences_due(since, now)
        if (sort := SORTS.get(name)) and (among := sort.audience(chosen))
    ]
    if not parts:
        return None
    whole = sa.union_all(*parts).subquery()
    return sa.select(*whole.c)


def still_due(subject: str, revision: int, _now: datetime) -> bool:
    """Whether the reminder is on, its subject has not moved and the person still belongs to it."""
    rule_id, subject_id, member = _parts(subject)
    of = session().execute(_SORT_AND_AUDIENCE, {"rule": rule_id}).first()
    if of is None or of.sort not in SORTS:
        return False
    asked = (rule_id, subject_id, int(_NUMBER.findall(member)[-1]), revision)
    question = queries.one_of(of.sort, of.audience)
    found = session().execute(question, dict(zip(queries.ASKED, asked, strict=True)))
    return found.first() is not None


def compose(subject: str, locale: str) -> Letter:
    """The reminder in the language of its recipient, its fields filled."""
    rule_id, subject_id, member = _parts(subject)
    rule = session().get_one(ReminderRule, rule_id)
    return Letter(worded(rule, subject_id, member, locale))


def worded(rule: ReminderRule, subject_id: int, member: str, locale: str) -> dict[str, Any]:
    """What a reminder says to somebody: ``paragraphs`` takes the address of the service."""
    facts = dict(SORTS[rule.sort].facts(subject_id, member, locale))
    path = facts.pop("link")
    is_english = locale == "en" and bool(rule.text_en)
    title = rule.title_en if is_english and rule.title_en else rule.title_vi
    text = rule.text_en if is_english else rule.text_vi

    def paragraphs(public_url: str) -> list[str]:
        return wording.paragraphs(wording.filled(text, facts | {"link": f"{public_url}{path}"}))

    return {
        "title": wording.filled(title, facts),
        "paragraphs": paragraphs,
        "path": "" if "{link}" in text else path,
        "unit_name": rule.unit.name,
    }


def link(subject: str) -> str:
    """The page of the reminder."""
    return f"/desk/reminders/{_parts(subject)[0]}"


def _parts(subject: str) -> tuple[int, int, str]:
    rule_id, subject_id, member = subject.split(":", 2)
    return int(rule_id), int(subject_id), member


OCCASIONS = [Occasion(NAME, audience, still_due, compose, link)]
"""When reminders write to people."""
