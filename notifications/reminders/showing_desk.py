"""The page of one reminder: who gets what and when, shown before anything is sent."""

from typing import Any

from flask import current_app, render_template

from core import clock
from core.settings import Settings
from notifications.reminders import queries
from notifications.reminders.declared import SORTS
from notifications.reminders.models import ReminderRule
from notifications.reminders.occasions import worded
from notifications.reminders.preview import Preview, preview

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}


def rule_page(rule: ReminderRule) -> str:
    """Numbers, moments, the first recipients, the letter in both languages."""
    found = preview(rule, now=clock.now())
    sort = SORTS[rule.sort]
    return render_template(
        "notifications/reminders/show.html",
        rule=rule,
        sort=sort,
        preview=found,
        letters=_letters(rule, found),
        title=queries.titles([rule]).get(rule.id, ""),
        back=sort.link(rule.subject_id) if rule.subject_id is not None else "",
    )


def _letters(rule: ReminderRule, found: Preview) -> list[tuple[str, str, list[str]]]:
    """Language, subject and paragraphs of the letter to the first recipient."""
    if found.example is None:
        return []
    settings: Settings = current_app.extensions["settings"]
    member = found.first[0].member if found.first else ""
    locales = [locale for locale in LANGUAGES if locale == "vi" or rule.text_en]
    made: list[tuple[str, str, list[str]]] = []
    for locale in locales:
        letter: dict[str, Any] = worded(rule, found.example.subject_id, member, locale)
        made.append((LANGUAGES[locale], letter["title"], letter["paragraphs"](settings.public_url)))
    return made
