"""Sheets of style as the WebView of an old phone reads them: Android 8 as it was sold, Chrome 61.

Whatever such a browser does not know, it leaves out; so is it left out here, so that the page
can be looked at as it stands there. The pages of visitors need no script at all.
"""

import re
from collections.abc import Iterator

from playwright.sync_api import BrowserContext, Route

_PROPERTIES = """
    -webkit-text-size-adjust align-content align-items background border border-bottom
    border-bottom-color border-color border-left border-left-width border-radius border-top
    border-width box-sizing clip-path color content cursor display fill flex flex-direction
    flex-wrap float font font-display font-family font-kerning font-size font-variant-numeric
    font-weight grid-template-columns height justify-content justify-items left letter-spacing
    line-height list-style margin margin-bottom margin-left margin-right margin-top max-width
    min-height min-width opacity outline outline-offset overflow overflow-wrap overflow-x padding
    padding-bottom padding-left padding-right padding-top position resize src stroke
    stroke-linecap stroke-linejoin stroke-width text-align text-decoration top transform
    transition unicode-range vertical-align white-space width z-index
"""
PROPERTIES = frozenset(_PROPERTIES.split())
"""Those of our sheets that it knows; any other is left out, whatever it is."""
PSEUDO = frozenset(
    {"active", "after", "before", "checked", "first-child", "focus", "hover", "root"}
)
QUERIES = re.compile(r"@media \((min|max)-width: [\d.]+rem\)|@media print")
UNKNOWN_VALUES = re.compile(
    r"(?<![\w-])(min|max|clamp|color-mix|light-dark|env|oklch)\(|\d[dsl]v[hw]\b|inset\(50%\)"
    r"|\b0 calc\(|\(circle, \S+ 0 \d"
)
_PART = re.compile(r"\s*([^{};]*)([{};])")


def wear(context: BrowserContext) -> None:
    """Let every page of a browser read its sheets with the eyes of the old one."""

    def hand_over(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=as_read(answer.text()))

    context.route("**/*.css", hand_over)


def as_read(sheet: str) -> str:
    """What is left of a sheet."""
    return "".join(_blocks(re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)))


def _blocks(sheet: str) -> Iterator[str]:
    """Rules that hold nothing but declarations; a rule inside another is not known."""
    for head, body in _split(sheet):
        if head.startswith("@font-face") or (not head.startswith("@") and _is_known(head)):
            yield f"{head} {{ {'; '.join(_declarations(body))} }}\n"
        elif QUERIES.fullmatch(head):
            yield f"{head} {{ {''.join(_blocks(body))} }}\n"


def _split(sheet: str) -> Iterator[tuple[str, str]]:
    place = 0
    while (found := _PART.match(sheet, place)) and found[2] == "{":
        depth, end = 1, found.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(sheet[end], 0)
            end += 1
        yield found[1].strip(), sheet[found.end() : end - 1]
        place = end


def _is_known(selector: str) -> bool:
    return set(re.findall(r"::?([a-z-]+)", selector)) <= PSEUDO


def _declarations(body: str) -> Iterator[str]:
    if "{" in body:
        return
    for one in re.split(r";(?![^(]*\))", body):
        name, _colon, value = (part.strip() for part in one.partition(":"))
        is_known = name in PROPERTIES or name.startswith("--")
        if is_known and not UNKNOWN_VALUES.search(value):
            yield f"{name}: {value}"
