"""What a clerk should look at before a snapshot is signed: facts, no judgement."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from core.i18n import N_
from core.words import number
from reports.frozen import Facts
from reports.indicators import BY_CODE

OF_PEOPLE = ("C6", "E4", "F3", "G9", "H5")
"""Declared figures that count people or lượt, to be held against a unit's headcount."""
PLAUSIBLE = 1.5
ROUND_FROM = 500


@dataclass(frozen=True)
class Warn:
    """One thing to look at: a msgid and its facts."""

    sentence: str
    facts: dict[str, Any] = field(default_factory=dict)


def warnings(facts: Facts) -> list[Warn]:
    """Everything that deserves a second look, the gravest first."""
    return [*_document(facts), *_implausible(facts), *_incomplete(facts)]


def _document(facts: Facts) -> Iterator[Warn]:
    unit, passages = facts["unit"], facts["passages"]
    if not unit["symbol"]:
        yield Warn(N_("The unit has no document symbol: it stays open in the report."))
    if not unit["place"]:
        yield Warn(N_("The unit has no place name: it stays open beside the date."))
    if not any(passages.get(s) for s in ("strengths", "shortcomings", "directions", "proposals")):
        yield Warn(N_("Nobody has written the assessment: parts III and IV are left out."))
    signer = passages.get("signer", "")
    if any(signer.startswith(title) for title in ("TS", "ThS", "PGS", "GS", "BS", "CN.")):
        yield Warn(N_("Academic titles do not stand before the name of the signer."))


def _implausible(facts: Facts) -> Iterator[Warn]:
    for unit in facts["units"]:
        for code in OF_PEOPLE:
            value = unit["declared"].get(code)
            if not value:
                continue
            about = {
                "unit": unit["short_name"],
                "indicator": f"{BY_CODE[code].vietnamese}",
                "value": number(value, "vi"),
            }
            headcount = unit["headcount"]
            if headcount and value > PLAUSIBLE * headcount:
                yield Warn(
                    N_(
                        "%(unit)s declares “%(indicator)s”: %(value)s, more than one and a half "
                        "times its staff of %(headcount)s."
                    ),
                    {**about, "headcount": number(headcount, "vi")},
                )
            elif value >= ROUND_FROM and value % 100 == 0:
                yield Warn(
                    N_("%(unit)s declares a round number for “%(indicator)s”: %(value)s."), about
                )


def _incomplete(facts: Facts) -> Iterator[Warn]:
    below = facts["units"][1:]
    missing = [u["short_name"] for u in below if not u["submitted"]]
    if missing:
        yield Warn(
            N_("%(missing)s of %(units)s units below have not frozen their figures: %(names)s."),
            {"missing": len(missing), "units": len(below), "names": _some(missing)},
        )
    if facts["ahead"]:
        yield Warn(
            N_("%(n)s activities are still to come and are not in the figures."),
            {"n": facts["ahead"]},
        )
    silent = [
        a["title"] for a in facts["activities"] if a["counting"] != "evidence" and not a["luot"]
    ]
    if silent:
        yield Warn(
            N_("%(n)s activities were held without anyone being counted: %(names)s."),
            {"n": len(silent), "names": _some(silent)},
        )


def _some(names: list[str]) -> str:
    return ", ".join(names[:5]) + (f" (+{len(names) - 5})" if len(names) > 5 else "")
