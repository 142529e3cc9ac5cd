"""Posters on paper: the code to scan with the letters to type, for a wall or a table."""

from enum import StrEnum

from flask import render_template
from flask_babel import gettext as _

from checkin.posters import poster_code
from core.codes import shown
from core.pdf import pdf
from core.qr import svg
from events.models import Activity


class Size(StrEnum):
    """The sheet: a wall, a large wall, a card on a table."""

    A4 = "a4"
    A3 = "a3"
    A5 = "a5"


def poster(
    activity: Activity, size: Size, *, public_url: str, is_trial: bool, language: str
) -> bytes:
    """The poster of an activity as a file, the same until the activity changes."""
    code = poster_code(activity.id)
    facts = {
        "size": size.value,
        "lang": language,
        "week": _("Lifelong Learning Week"),
        "title": activity.title,
        "when": render_template("checkin/hall/when.txt", activity=activity).strip(),
        "where": activity.where,
        "call": _("Scan to record that you attend"),
        "alt": _("Code to record attendance at %(title)s", title=activity.title),
        "qr": svg(f"{public_url}/s/{code}"),
        "type_before": _("or open"),
        "typed_at": f"{public_url.partition('://')[2]}/s/",
        "type_after": _("and type the code"),
        "code": shown(code),
        "steps": [
            _("Open the camera or Zalo and scan the code."),
            _("Press “I am here”. No name is needed."),
            _("Add those who came along and share the phone."),
        ],
        "trial": _("Trial copy: other phones cannot open this address.") if is_trial else "",
        "host": activity.unit.name,
    }
    return pdf("poster.typ", facts, made_at=activity.changed_at)
