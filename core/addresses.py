"""E-mail addresses: one form in which they are kept and compared, whoever writes them."""

import sqlalchemy as sa
from email_validator import EmailNotValidError, validate_email


def kept(typed: str) -> str:
    """What was typed, in the form in which it is kept and compared."""
    return typed.strip().lower()


def checked(typed: str) -> str:
    """An address that letters reach, as it is kept. Raises ``ValueError``."""
    found = validate_email(typed, check_deliverability=False, allow_smtputf8=False)
    return kept(found.normalized)


def is_address(typed: str) -> bool:
    """Whether letters reach it."""
    try:
        checked(typed)
    except EmailNotValidError:
        return False
    return True


class MailAddress(sa.TypeDecorator[str]):
    """A column of addresses: stored as they are kept, and asked for in the same form.

    So that a plain ``==`` finds whoever is meant, by the index.
    """

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> str | None:
        """To the database, to be stored or to be compared."""
        return None if value is None else kept(value)
