"""Facts from the floors above that pages of this one have room for; ``app.py`` fills them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field


def _nothing(_activity_ids: Sequence[int]) -> Mapping[int, int]:
    return {}


def _no_pages(_slug: str) -> Sequence[tuple[str, str]]:
    return ()


@dataclass
class Slots:
    """Named places, each empty until someone above fills it."""

    seats_left: Callable[[Sequence[int]], Mapping[int, int]] = field(default=_nothing)
    """Seats still free, by activity id; an activity without a limit is absent."""
    attendances: Callable[[Sequence[int]], Mapping[int, int]] = field(default=_nothing)
    """Attendances and head counts so far, by activity id."""
    registered: Callable[[Sequence[int]], Mapping[int, int]] = field(default=_nothing)
    """People who hold or await a seat, by activity id; absent when there are none."""
    desk_pages: Callable[[str], Sequence[tuple[str, str]]] = field(default=_no_pages)
    """Further staff pages of an activity, by its slug: a label in the reader's language, a path."""


slots = Slots()
