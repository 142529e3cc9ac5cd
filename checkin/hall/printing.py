"""Posters on paper: the code to scan with the letters to type, for a wall or a table."""

from enum import StrEnum

from checkin.posters import poster_code
from core.codes import shown
from core.i18n import N_, translate
from core.pdf import pdf
from core.qr import svg
from events.models import Activity


class Size(StrEnum):
    """The sheet: a wall, a large wall, a card on a table."""

    A4 = "a4"
    A3 = "a3"
    A5 = "a5"


def poster(
    activity: Activity, size: Size, when: str, *, public_url: str, is_trial: bool, language: str
) -> bytes:
    """The poster of an activity as a file, the same until the activity changes."""
    code = poster_code(activity.id)

    def said(sentence: str, **names: str) -> str:
        return translate(sentence, language, **names)

    facts = {
        "size": size.value,
        "lang": language,
        "week": said(N_("Lifelong Learning Week")),
        "title": activity.title,
        "when": when,
        "where": activity.where,
        "call": said(N_("Scan to record that you attend")),
        "alt": said(N_("Code to record attendance at %(title)s"), title=activity.title),
        "qr": svg(f"{public_url}/s/{code}"),
        "type_before": said(N_("or open")),
        "typed_at": f"{public_url.partition('://')[2]}/s/",
        "type_after": said(N_("and type the code")),
        "code": shown(code),
        "steps": [
            said(N_("Open the camera or Zalo and scan the code.")),
            said(N_("Press “I am here”. No name is needed.")),
            said(N_("Add those who came along and share the phone.")),
        ],
        "trial": said(N_("Trial copy: other phones cannot open this address.")) if is_trial else "",
        "host": activity.unit.name,
    }
    return pdf("poster.typ", facts, made_at=activity.changed_at)
