"""How wide a line of Times New Roman is, without a font at hand.

The advance widths, in thousandths of the size, are those of Times itself;
Vietnamese marks add none, but for ơ and ư.
"""

import unicodedata

_POINT = 25.4 / 72
_UPRIGHT = {
    **dict.fromkeys("ADGHKNOQUVXYĐ", 722),
    **dict.fromkeys("BCR", 667),
    **dict.fromkeys("ELTZ", 611),
    **dict.fromkeys("PSF", 556),
    **dict.fromkeys("bdghknopquvxy0123456789đ", 500),
    **dict.fromkeys("ace", 444),
    **dict.fromkeys(" ,.", 250),
    **dict.fromkeys("ijlt/:;", 278),
    "I": 333,
    "J": 389,
    "M": 889,
    "W": 944,
    "r": 333,
    "s": 389,
    "f": 333,
    "m": 778,
    "-": 333,
}
_BOLD = {
    **dict.fromkeys("ADNUVXYĐ", 722),
    **dict.fromkeys("GHKOQ", 778),
    **dict.fromkeys("BELTZ", 667),
    **dict.fromkeys("CR", 722),
    **dict.fromkeys("bdhknpquđ", 556),
    **dict.fromkeys("agovxy0123456789", 500),
    **dict.fromkeys("cer", 444),
    **dict.fromkeys(" ,.", 250),
    **dict.fromkeys("il/", 278),
    "P": 611,
    "F": 611,
    "S": 556,
    "I": 389,
    "J": 500,
    "M": 944,
    "W": 1000,
    "s": 389,
    "t": 333,
    "f": 333,
    "j": 333,
    ":": 333,
    ";": 333,
    "m": 833,
    "-": 333,
}


def width(text: str, size: float, *, bold: bool) -> float:
    """Millimetres that a line takes."""
    widths = _BOLD if bold else _UPRIGHT
    bare = (c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return sum(widths.get(c, 600) for c in bare) / 1000 * size * _POINT


def balanced(text: str, size: float, within: float, *, bold: bool) -> float:
    """How narrow a column may be so that a long name breaks into lines of like length."""
    if width(text, size, bold=bold) <= within:
        return within
    words = text.split()
    runs = (words[n:m] for n in range(len(words)) for m in range(n + 1, len(words) + 1))
    rooms = sorted(width(" ".join(run), size, bold=bold) for run in runs)
    fewest = _lines(words, size, within, bold=bold)
    widest = max(width(word, size, bold=bold) for word in words)
    fits = (r for r in rooms if r >= widest and _lines(words, size, r, bold=bold) <= fewest)
    return min(next(fits, within) + 1, within)


def _lines(words: list[str], size: float, within: float, *, bold: bool) -> int:
    """Into how many lines words break in a column."""
    lines, line = 1, ""
    for word in words:
        longer = f"{line} {word}".strip()
        if line and width(longer, size, bold=bold) > within:
            lines, line = lines + 1, word
        else:
            line = longer
    return lines
