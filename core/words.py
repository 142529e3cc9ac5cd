"""Numbers and reasons as people and programs read them."""

REASONS = {
    400: "malformed",
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    413: "too_large",
    415: "malformed",
    429: "too_many",
    503: "unavailable",
}
"""One word for each HTTP status that a program may meet."""


def number(value: int, locale: str) -> str:
    """1127 is ``1.127`` in Vietnamese and ``1,127`` in English."""
    grouped = f"{value:,}"
    return grouped.replace(",", ".") if locale == "vi" else grouped
