"""The words on the paper, and what is said of the evidence that a row meets."""

from typing import Any

from checkin.models import Grade
from checkin.paper.models import PaperSheet
from core import clock
from core.i18n import N_, translate

GRADES: dict[Grade, str] = {
    Grade.STAFF_SCAN: N_("a scan of the ticket"),
    Grade.ROTATING_SELF_SCAN: N_("the code on the screen"),
    Grade.ONLINE_LINK: N_("the online link"),
    Grade.STATIC_SELF_SCAN: N_("the code on the poster"),
    Grade.PAPER: N_("paper"),
    Grade.HEADCOUNT: N_("a head count"),
    Grade.ESTIMATE: N_("an estimate"),
    Grade.DECLARED: N_("a declaration"),
}

COLUMNS = (
    N_("Row number"),
    N_("Name and family name"),
    N_("Unit, or ward and neighbourhood"),
    N_("Signature"),
    N_("Code"),
)


def sheet_words() -> dict[str, Any]:
    """The words of the paper: official documents are Vietnamese."""

    def said(sentence: str) -> str:
        return translate(sentence, "vi")

    def when(sheet: PaperSheet) -> str:
        starts = clock.local(sheet.session.starts_at)
        return f"{starts:%H} giờ {starts:%M}, ngày {starts:%d/%m/%Y}"

    fixed = {
        "title": said(N_("Sign-in sheets")),
        "week": said(N_("Lifelong Learning Week")),
        "heading": said(N_("List of those who attended")),
        "sheet": said(N_("Sheet")),
        "page": said(N_("Page")),
        "columns": [*(said(text) for text in COLUMNS), ""],
    }
    return {"fixed": fixed, "when": when}
