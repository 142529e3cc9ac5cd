"""Who is told of letters that are due, in the transaction that writes them.

On one machine nobody is: senders look by themselves. With workers on many machines the engine
that carries work to them defers a job for each letter, kept or undone together with it.
"""

from collections.abc import Callable, Sequence

HandOver = Callable[[Sequence[int]], None]

_hand_over: HandOver | None = None


def configure(hand_over: HandOver | None) -> None:
    """Tell this process who is told."""
    global _hand_over
    _hand_over = hand_over


def is_wanted() -> bool:
    """Whether anybody is told."""
    return _hand_over is not None


def hand_over(letters: Sequence[int]) -> None:
    """Tell of letters, by their numbers; undone when the open transaction is."""
    if _hand_over is not None and letters:
        _hand_over(letters)
