"""What an import found, held against what a careful person finds in the plan, field by field."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
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
    wrong: list[str] = field(default_factory=list)
    """Each value that was found and is not there (+), or is there and was not found (-)."""

    def add(self, right: int, found: Sequence[Any], there: Sequence[Any]) -> None:
        """Count values of one more plan: how many were right, then those left on both sides."""
        self.right += right
        self.found += right + len(found)
        self.there += right + len(there)
        self.wrong += [f"+ {_told(value)}" for value in found]
        self.wrong += [f"- {_told(value)}" for value in there]

    def join(self, other: "Tally") -> None:
        """Take in what another field has counted."""
        self.right += other.right
        self.found += other.found
        self.there += other.there

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


def nothing() -> Scores:
    """Every field, none of it counted yet, in the order of the contract."""
    names = [
        *SINGLE, "bases", "phases",
        "activities", *(f"activities.{part}" for part in (*OF_ACTIVITIES, "source")),
        "duties", "duties.due_on", "duties.source",
        "reporting", "reporting.to", "reporting.due_on", "reporting.source",
        "recipients", "signer.authority", "signer.title", "warnings",
    ]  # fmt: skip
    return {name: Tally() for name in names}


def score(found: Json, truth: Json, scores: Scores) -> None:
    """Count one plan into the scores, field by field."""
    for name in SINGLE:
        _single(scores, name, found[name], truth[name])
    for name in ("authority", "title"):
        _single(scores, f"signer.{name}", found["signer"][name], truth["signer"][name])
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


def _single(scores: Scores, name: str, found: Any, truth: Any) -> None:
    if found is not None and truth is not None and same(found, truth):
        scores[name].add(1, (), ())
    else:
        scores[name].add(0, *([value] if value is not None else [] for value in (found, truth)))


def _matched(
    tally: Tally,
    found: Sequence[Any],
    truth: Sequence[Any],
    closeness: Callable[[Any, Any], float],
) -> list[tuple[Any, Any]]:
    """Each true value with the closest found one, none of them twice; counted."""
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
    tally.add(
        len(result),
        [value for i, value in enumerate(found) if i not in used[0]],
        [value for j, value in enumerate(truth) if j not in used[1]],
    )
    return result


def _listed(
    scores: Scores,
    name: str,
    found: Sequence[Any],
    truth: Sequence[Any],
    agree: Callable[[Any, Any], bool],
) -> None:
    _matched(scores[name], found, truth, lambda one, other: float(agree(one, other)))


def _told(value: Any) -> str:
    """A value in a few words."""
    if not isinstance(value, dict):
        return str(value)
    named = ("unit", "role", "kind", "title", "text", "to", "due_on")
    return " | ".join(str(value[name]) for name in named if name in value)


def _codes(told: Json) -> list[str]:
    return sorted({warning["code"] for warning in told["warnings"]})


def _same_years(one: Json, other: Json) -> bool:
    return (one["starts_on"], one["ends_on"]) == (other["starts_on"], other["ends_on"])


def _activities(scores: Scores, found: list[Json], truth: list[Json]) -> None:
    pairs = _matched(scores["activities"], found, truth, _same_activity)
    for one, other in pairs:
        for name in OF_ACTIVITIES:
            _single(scores, f"activities.{name}", one[name], other[name])
    _sources(scores, "activities", pairs)


def _same_activity(one: Json, other: Json) -> float:
    """A title may be cut elsewhere; the line that it stands on decides between equals."""
    near = contained(one["title"], other["title"])
    return near + 0.1 * _on_one_line(one, other) if near >= ALIKE else 0.0


def _duties(scores: Scores, found: list[Json], truth: list[Json]) -> None:
    told = [duty for duty in found if not _is_named_in(duty, truth)]
    pairs = _matched(scores["duties"], told, truth, _same_duty)
    for one, other in pairs:
        _single(scores, "duties.due_on", one["due_on"], other["due_on"])
    _sources(scores, "duties", pairs)


def _same_duty(one: Json, other: Json) -> float:
    carried = one["role"] == other["role"] and same(one["unit"], other["unit"])
    return likeness(one["text"], other["text"]) if carried else 0.0


def _is_named_in(helper: Json, truth: list[Json]) -> bool:
    """Whether it is a unit that another's duty names as helping: neither right nor wrong.

    "Chủ trì, phối hợp với Hội Khuyến học" may be read as a duty of one unit or of two.
    """
    return (
        helper["role"] == "coordinate"
        and any(
            alike(helper["text"], duty["text"]) and plain(helper["unit"]) in plain(duty["text"])
            for duty in truth
        )
        and not any(_same_duty(helper, duty) >= ALIKE for duty in truth)
    )


def _reporting(scores: Scores, found: list[Json], truth: list[Json]) -> None:
    pairs = _matched(scores["reporting"], found, truth, _same_reporting)
    for one, other in pairs:
        _listed(scores, "reporting.to", one["to"], other["to"], same)
        _single(scores, "reporting.due_on", one["due_on"], other["due_on"])
    _sources(scores, "reporting", pairs)


def _same_reporting(one: Json, other: Json) -> float:
    return 1.0 + _on_one_line(one, other) if same(one["unit"], other["unit"]) else 0.0


def _sources(scores: Scores, name: str, pairs: list[tuple[Json, Json]]) -> None:
    """Whether each part points at its line; a document of Word has no lines to point at."""
    held = [pair for pair in pairs if pair[1]["source"]["line"] is not None]
    wrong = [pair for pair in held if not _on_one_line(*pair)]
    ours, theirs = ([pair[side]["source"] for pair in wrong] for side in (0, 1))
    scores[f"{name}.source"].add(len(held) - len(wrong), ours, theirs)


def _on_one_line(one: Json, other: Json) -> bool:
    return bool(one["source"]["line"] == other["source"]["line"])
