"""Codes that people read aloud, write down and type; no letter looks like another."""

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Neither 0 and O, nor 1, I and L; nothing with a diacritic."""

SHORT_LENGTH = 8
"""Letters that a person writes down without a mistake."""


def new_code(length: int = SHORT_LENGTH) -> str:
    """A new code that nobody can guess."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def shown(code: str) -> str:
    """The code in groups of four, as it is printed."""
    return "-".join(code[place : place + 4] for place in range(0, len(code), 4))


def typed(text: str) -> str:
    """What a person typed, as the code is kept: upper case, without blanks and hyphens."""
    return "".join(c for c in text.upper() if c.isascii() and c.isalnum())


def numeral(number: int, length: int) -> str:
    """A number in the letters of the alphabet, at least this long."""
    base = len(ALPHABET)
    letters = ""
    while number or len(letters) < length:
        number, place = divmod(number, base)
        letters = ALPHABET[place] + letters
    return letters


def number(letters: str) -> int | None:
    """The number that ``numeral`` wrote; nothing for any other letter."""
    value = 0
    for letter in letters:
        place = ALPHABET.find(letter)
        if place < 0:
            return None
        value = value * len(ALPHABET) + place
    return value
