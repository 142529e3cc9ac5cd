"""What an import found, held against what a careful person finds in the plan, field by field."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from core.text import folded

Json = dict[str, Any]
ALIKE = 0.6
"""So much of two sentences has to be the same for them to say the same."""
SINGLE = (
    "campaign", "kind", "issuer", "superior", "number", "symbol", "place", "issued_on",
    "title", "theme", "starts_on", "ends_on", "opening_on",
)  # fmt: skip
OF_ACTIVITIES = ("kind", "format", "place", "audience", "starts_on", "ends_on")


@dataclass
class Tally:
    """How many values were right, how many were found, how many there are to find."""

    right: int = 0
    found: int = 0
    there: int = 0

    def add(self, right: int, found: int, there: int) -> None:
        """Count the values of one more plan."""
        self.right += right
        self.found += found
        self.there += there

    @property
    def precision(self) -> float:
        """Of what was found, the part that is right."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Of what is there, the part that was found."""
        return self.right / self.there if self.there else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


Scores = dict[str, Tally]


def score(found: Json, truth: Json, scores: Scores) -> None:
    """Count one plan into the scores, field by field."""
    for field in SINGLE:
        _single(scores, field, found[field], truth[field])
    for field in ("authority", "title"):
        _single(scores, f"signer.{field}", found["signer"][field], truth["signer"][field])
    _listed(scores, "bases", found["bases"], truth["bases"], alike)
    _listed(scores, "recipients", found["recipients"], truth["recipients"], same)
    _listed(scores, "phases", found["phases"], truth["phases"], _same_years)
    _activities(scores, found["activities"], truth["activities"])
    _duties(scores, found["duties"], truth["duties"])
    _reporting(scores, found["reporting"], truth["reporting"])
    _listed(scores, "warnings", _codes(found), _codes(truth), same)


def plain(text: str) -> str:
    """The words alone: no case, marks, brackets, quotes; one spelling of UBND."""
    words = re.sub(r"[^\w]+", " ", folded(text)).strip()
    return re.sub(r"\buy ban nhan dan\b", "ubnd", words)


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same but for case, blanks, marks and punctuation."""
    if isinstance(one, str) and isinstance(other, str):
        return plain(one) == plain(other)
    return bool(one == other)


def likeness(one: str, other: str) -> float:
    """How much of two sentences is the same, from 0 to 1."""
    return SequenceMatcher(None, plain(one).split(), plain(other).split(), autojunk=False).ratio()


def alike(one: str, other: str) -> bool:
    """Whether two sentences say the same."""
    return likeness(one, other) >= ALIKE


def contained(one: str, other: str) -> float:
    """How much of the shorter of two titles stands in the longer, in its order."""
    short, long = sorted((plain(one).split(), plain(other).split()), key=len)
    blocks = SequenceMatcher(None, short, long, autojunk=False).get_matching_blocks()
    return float(sum(block.size for block in blocks) / max(len(short), 1))


def _single(scores: Scores, field: str, found: Any, truth: Any) -> None:
    right = int(found is not None and truth is not None and same(found, truth))
    scores.setdefault(field, Tally()).add(right, int(found is not None), int(truth is not None))


def _pairs(
    found: Sequence[Any], truth: Sequence[Any], closeness: Callable[[Any, Any], float]
) -> list[tuple[Any, Any]]:
    """Each true value with the closest found one, none of them twice."""
    ranked = sorted(
        ((closeness(f, t), i, j) for i, f in enumerate(found) for j, t in enumerate(truth)),
        key=lambda item: -item[0],
    )
    used: tuple[set[int], set[int]] = (set(), set())
    result = []
    for near, i, j in ranked:
        if near >= ALIKE and i not in used[0] and j not in used[1]:
            used[0].add(i)
            used[1].add(j)
            result.append((found[i], truth[j]))
    return result


def _listed(
    scores: Scores,
    field: str,
    found: Sequence[Any],
    truth: Sequence[Any],
    agree: Callable[[Any, Any], bool],
) -> None:
    pairs = _pairs(found, truth, lambda one, other: float(agree(one, other)))
    scores.setdefault(field, Tally()).add(len(pairs), len(found), len(truth))


def _codes(told: Json) -> list[str]:
    return sorted({warning["code"] for warning in told["warnings"]})


def _same_years(one: Json, other: Json) -> bool:
    return (one["starts_on"], one["ends_on"]) == (other["starts_on"], other["ends_on"])


def _activities(scores: Scores, found: list[Json], truth: list[Json]) -> None:
    pairs = _pairs(found, truth, _same_activity)
    scores.setdefault("activities", Tally()).add(len(pairs), len(found), len(truth))
    for one, other in pairs:
        for field in OF_ACTIVITIES:
            _single(scores, f"activities.{field}", one[field], other[field])
    _sources(scores, "activities", pairs)


def _same_activity(one: Json, other: Json) -> float:
    """A title may be cut elsewhere; the line that it stands on decides between equals."""
    near = contained(one["title"], other["title"])
    return near + 0.1 * _on_one_line(one, other) if near >= ALIKE else 0.0


def _duties(scores: Scores, found: list[Json], truth: list[Json]) -> None:
    pairs = _pairs(found, truth, _same_duty)
    scores.setdefault("duties", Tally()).add(len(pairs), len(found), len(truth))
    for one, other in pairs:
        _single(scores, "duties.due_on", one["due_on"], other["due_on"])
    _sources(scores, "duties", pairs)


def _same_duty(one: Json, other: Json) -> float:
    carried = one["role"] == other["role"] and same(one["unit"], other["unit"])
    return likeness(one["text"], other["text"]) if carried else 0.0


def _reporting(scores: Scores, found: list[Json], truth: list[Json]) -> None:
    def near(one: Json, other: Json) -> float:
        return float(same(one["unit"], other["unit"])) + 0.1 * _on_one_line(one, other)

    pairs = [pair for pair in _pairs(found, truth, near) if same(pair[0]["unit"], pair[1]["unit"])]
    scores.setdefault("reporting", Tally()).add(len(pairs), len(found), len(truth))
    for one, other in pairs:
        _listed(scores, "reporting.to", one["to"], other["to"], same)
        _single(scores, "reporting.due_on", one["due_on"], other["due_on"])
    _sources(scores, "reporting", pairs)


def _sources(scores: Scores, field: str, pairs: list[tuple[Json, Json]]) -> None:
    """Whether each part points at its line; a document of Word has no lines to point at."""
    held = [pair for pair in pairs if pair[1]["source"]["line"] is not None]
    right = sum(_on_one_line(one, other) for one, other in held)
    scores.setdefault(f"{field}.source", Tally()).add(right, len(held), len(held))


def _on_one_line(one: Json, other: Json) -> bool:
    return bool(one["source"]["line"] == other["source"]["line"])
