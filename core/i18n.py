"""Vietnamese first, English second: look-up of sentences outside a request.

Pages use Flask-Babel's ``_``. Rules below the edge mark a sentence with ``N_``
and let the edge word it; ``translate`` words it in a given language anywhere.
"""

from functools import cache
from pathlib import Path

from babel.support import NullTranslations, Translations

LOCALES = ("vi", "en")
DEFAULT_LOCALE = "vi"
DIRECTORY = Path(__file__).parent.parent / "translations"


def N_(sentence: str) -> str:  # noqa: N802  the name gettext's tools look for
    """Mark a sentence for the catalogue without translating it here."""
    return sentence


@cache
def catalogue(locale: str) -> NullTranslations:
    """All sentences in one language; English is its own catalogue."""
    return Translations.load(DIRECTORY, [locale])


def translate(sentence: str, locale: str, **facts: object) -> str:
    """The sentence in a language, its ``%(name)s`` places filled."""
    worded: str = catalogue(locale).gettext(sentence)
    return worded % facts if facts else worded


def both(sentence: str, **facts: object) -> dict[str, str]:
    """The sentence in every language of ours, by locale."""
    return {locale: translate(sentence, locale, **facts) for locale in LOCALES}
