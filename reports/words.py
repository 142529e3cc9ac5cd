"""How pages name what the catalogue and the database hold, in the reader's language."""

from typing import Any

from accounts import audit
from core.i18n import N_
from core.web import locale
from reports.indicators import BY_CODE, GRADES, GROUPS, KINDS

ENGLISH = {
    "by_kind": {
        "opening": "Opening ceremonies",
        "banner": "Banners",
        "news": "News items",
        "books": "Book fairs and exhibitions",
        "reading": "Reading",
        "talk": "Talks",
        "course": "Courses",
        "contest": "Contests",
        "resource": "Open resources",
        "donation": "Donations",
        "review": "Reviews",
        "other": "Others",
    },
    "by_group": {
        "staff": "Staff",
        "teacher": "Teachers",
        "learner": "Learners",
        "resident": "Residents",
        "delegate": "Delegates",
        "unknown": "Without a group",
    },
    "by_grade": {
        "staff_scan": "Ticket scanned by staff",
        "rotating_self_scan": "Self-scan, changing code",
        "online_link": "Online link",
        "static_self_scan": "Self-scan, fixed code",
        "paper": "Sign-in sheet",
        "headcount": "Counted on the spot",
        "estimate": "Estimated",
        "declared": "Stated by the unit",
    },
}
VIETNAMESE = {"by_kind": KINDS, "by_group": GROUPS, "by_grade": GRADES}

audit.name(
    {
        "figure.declared": N_("Figure stated"),
        "passage.written": N_("Passage of the report written"),
        "snapshot.made": N_("Figures frozen"),
        "value": N_("Figure"),
        "reason": N_("Reason"),
        "length": N_("Letters"),
        "version": N_("Version"),
        "hash": N_("Hash"),
    }
)


def in_words(pair: tuple[str, str]) -> str:
    """The Vietnamese or the English of a pair."""
    return pair[0] if locale() == "vi" else pair[1]


def labelled(breakdown: str, facts: dict[str, Any]) -> list[tuple[str, int]]:
    """A breakdown of lượt with its labels, in the catalogue's order."""
    names = (VIETNAMESE if locale() == "vi" else ENGLISH)[breakdown]
    counts = facts[breakdown]
    return [(label, counts[key]) for key, label in names.items() if key in counts]


def named_indicator(code: str, frozen_label: str = "") -> str:
    """An indicator in words; a frozen label holds in Vietnamese."""
    indicator = BY_CODE.get(code)
    if indicator is None or (locale() == "vi" and frozen_label):
        return frozen_label or code
    return in_words((indicator.vietnamese, indicator.english))
