"""The public programme and its calendars."""

from datetime import date, datetime
from typing import Any

from flask import Blueprint
from flask_babel import gettext

from core import clock
from events import labels

blueprint = Blueprint("events", __name__)


@blueprint.app_template_filter("kind_label")
def kind_label(value: Any) -> str:
    """The kind of an activity in the reader's language."""
    return gettext(labels.KINDS[value])


@blueprint.app_template_filter("theme_label")
def theme_label(value: Any) -> str:
    """A theme in the reader's language."""
    return gettext(labels.THEMES[value])


@blueprint.app_template_filter("format_label")
def format_label(value: Any) -> str:
    """In person, online or both, in the reader's language."""
    return gettext(labels.FORMATS[value])


@blueprint.app_template_filter("audience_label")
def audience_label(value: Any) -> str:
    """Who may come, in the reader's language."""
    return gettext(labels.AUDIENCES[value])


@blueprint.app_template_filter("weekday")
def weekday(value: date | datetime) -> str:
    """The day of the week in the reader's language."""
    day = clock.local_day(value) if isinstance(value, datetime) else value
    return gettext(labels.WEEKDAYS[day.weekday()])
