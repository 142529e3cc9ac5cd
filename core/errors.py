"""What went against a rule, said in a sentence for the person who tried."""

from core.i18n import N_, translate


class DomainError(Exception):
    """A rule refused. Subclasses are named by the fact that they state.

    ``sentence`` is an English msgid with ``%(name)s`` places; the facts fill
    them. ``status`` is what an HTTP edge answers.
    """

    sentence: str = N_("This cannot be done.")
    status: int = 409

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(self.sentence % facts if facts else self.sentence)

    def text(self, locale: str) -> str:
        """The sentence in the reader's language."""
        return translate(self.sentence, locale, **self.facts)
