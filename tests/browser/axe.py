"""What axe has to say about the page before it."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = (Path(__file__).parent.parent / "vendor/axe-core-4.14.1/axe.min.js").read_text("utf-8")
FOUND = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations
  .flatMap(v => v.nodes.map(node => [v.impact, v.id, node.html.slice(0, 120)]))"""
ANY = frozenset({"minor", "moderate", "serious", "critical"})
SERIOUS = frozenset({"serious", "critical"})


def faults(page: Page, impacts: frozenset[str] = SERIOUS) -> list[tuple[str, str]]:
    """The rule and the element of each fault of such impact."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found: list[list[Any]] = page.evaluate(FOUND)
    return [(rule, html) for impact, rule, html in found if impact in impacts]
