"""Find anything by the beginnings of its words, with or without diacritics.

One mechanism on every database: each thing that people look for has a row with
its place in the Vietnamese order and a row for each of its words, and the words
stand in an index in the order of their bytes, so that a beginning is a range.
``core.search_keeping`` writes both.
"""

import re
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from core.database import Base
from core.text import BLANK, DIGIT, NUMBER, folded, sort_key

IN_ORDER_OF_BYTES = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
"""Text that every database compares byte by byte: only then is a beginning a range."""

MOST_WORDS = 8
"""So many words of a question count."""
_LONGEST = 40
_LAST = "\U0010ffff"


class SearchEntry(Base):
    """One thing that can be found, and where it stands among its like."""

    __tablename__ = "search_entry"

    kind: Mapped[str] = mapped_column(primary_key=True)
    subject_id: Mapped[int] = mapped_column(sa.BigInteger(), primary_key=True, autoincrement=False)
    order_key: Mapped[str] = mapped_column(IN_ORDER_OF_BYTES)


class SearchWord(Base):
    """One word of one thing, folded."""

    __tablename__ = "search_word"
    __table_args__ = (sa.Index("ix_search_word_subject_id_kind", "subject_id", "kind"),)

    kind: Mapped[str] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(IN_ORDER_OF_BYTES, primary_key=True)
    subject_id: Mapped[int] = mapped_column(sa.BigInteger(), primary_key=True, autoincrement=False)


def words(text: str) -> list[str]:
    """The words of a text as they stand in the index."""
    return [word[:_LONGEST] for word in re.split(r"[\W_]+", folded(text)) if word]


def is_found(
    kind: str, subject_id: InstrumentedAttribute[int], text: str
) -> sa.ColumnElement[bool]:
    """True for things of a kind that have words with all the beginnings in the text."""
    wanted = list(dict.fromkeys(words(text)))[:MOST_WORDS]
    if not wanted:
        return sa.false()
    return subject_id.in_(sa.intersect(*(_beginning_with(kind, word) for word in wanted)))


def in_order(
    kind: str, found: sa.Select[Any], subject_id: InstrumentedAttribute[int]
) -> sa.Select[Any]:
    """The same things in the Vietnamese order of their names."""
    mine = sa.and_(SearchEntry.kind == kind, SearchEntry.subject_id == subject_id)
    return found.join(SearchEntry, mine).order_by(SearchEntry.order_key, SearchEntry.subject_id)


def after(kind: str, ordered: sa.Select[Any], number: int) -> sa.Select[Any]:
    """What of things in order follows one of them."""
    return ordered.where(_place_of(kind, number) < _PLACE)


def before(kind: str, ordered: sa.Select[Any], number: int) -> sa.Select[Any]:
    """What of things in order precedes one of them, the nearest first."""
    backwards = (SearchEntry.order_key.desc(), SearchEntry.subject_id.desc())
    return ordered.where(_place_of(kind, number) > _PLACE).order_by(None).order_by(*backwards)


def order_key(name: str) -> str:
    """The Vietnamese order of a name as a text that any database can order by its bytes."""
    letters, tones = sort_key(name)
    spelt = "".join(_spelt(letter) for letter in letters)
    return f"{spelt}\x1f{''.join(str(tone) for tone in tones)}"


_PLACE = sa.tuple_(SearchEntry.order_key, SearchEntry.subject_id)


def _place_of(kind: str, number: int) -> sa.Tuple:
    """Where a thing stands among its like; one that is no more, before all others."""
    one = sa.orm.aliased(SearchEntry)
    key = sa.select(one.order_key).where(one.kind == kind, one.subject_id == number)
    return sa.tuple_(sa.func.coalesce(key.scalar_subquery(), ""), number)


def _spelt(letter: int) -> str:
    """Blanks and signs come first, then numbers, our letters in their order, and all others."""
    if letter == BLANK:
        return " "
    if letter < DIGIT:
        return chr(ord(" ") + letter - NUMBER)
    if letter < 0:
        return str(letter - DIGIT)
    return chr(letter - 1000) if letter >= 1000 else chr(ord("A") + letter)


def _beginning_with(kind: str, word: str) -> sa.Select[int]:
    return sa.select(SearchWord.subject_id).where(
        SearchWord.kind == kind, SearchWord.word >= word, SearchWord.word < word + _LAST
    )
