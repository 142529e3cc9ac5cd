"""Whether two sentences of a plan speak of one activity."""

import re
from functools import lru_cache

from core.text import folded
from events.models import ActivityKind
from events.proposals.proposal import ProposedActivity
from events.proposals.sentences import unquoted

_STOPWORDS = frozenset(
    {
        "to", "chuc", "cac", "va", "cua", "ve", "cho", "tai", "tuan", "le",
        "hoc", "tap", "suot", "doi", "huong", "ung", "nam", "thuc", "hien", "trien",
        "khai", "mo", "phat", "dong", "buoi", "mot", "nhung", "trong", "theo", "voi",
        "den", "tinh", "hoat", "ngay",
    }
)  # fmt: skip
"""Words that say nothing about which activity it is."""


def same(one: ProposedActivity, other: ProposedActivity) -> bool:
    """Whether a duty speaks of an activity that the contents already have."""
    if one.kind is not other.kind:
        return False
    if one.starts_on and other.starts_on and one.starts_on != other.starts_on:
        return False
    if one.kind in {ActivityKind.BANNER, ActivityKind.NEWS} and one.starts_on is None:
        return one.kind is ActivityKind.BANNER or _alike(one.title, other.title) >= 0.3
    if not _words(one.title) or not _words(other.title):
        return True
    return _alike(one.title, other.title) >= 0.4


def _alike(one: str, other: str) -> float:
    """The share of telling words that two titles have in common, by the shorter one."""
    ours, theirs = _words(unquoted(one)), _words(unquoted(other))
    smaller = min(len(ours), len(theirs))
    return len(ours & theirs) / smaller if smaller else 0.0


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", folded(text))) - _STOPWORDS
