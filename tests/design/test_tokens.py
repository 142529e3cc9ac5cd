"""The colours and sizes: readable pairs in light and dark, no name without a value."""

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parent.parent.parent / "static"
SHEETS = sorted((STATIC / "css").glob("*.css"))
TOKENS = (STATIC / "css" / "tokens.css").read_text("utf-8")
LIGHT, DARK = TOKENS.split("@media (prefers-color-scheme: dark)")

TEXT_PAIRS = [
    *[(ink, paper) for ink in ("ink", "ink-soft", "action", "action-deep", "ok", "warn", "stop")
      for paper in ("paper", "sheet", "shade")],
    ("ink", "ok-wash"), ("ink", "warn-wash"), ("ink", "stop-wash"), ("ink", "action-wash"),
    ("ok", "ok-wash"), ("warn", "warn-wash"), ("stop", "stop-wash"), ("stop-deep", "stop-wash"),
    ("action-deep", "action-wash"), ("on-action", "action"), ("on-action", "action-deep"),
    ("on-ok", "ok"), ("on-stop", "stop"), ("on-stop", "stop-deep"), ("on-warn", "warn"),
    ("on-alert", "alert"),
]  # fmt: skip
PAPER_AND_CAMERAS = {"#fff", "#000", "#101616", "#eceeea"}
"""Codes and documents are black on white, a camera stands in the dark, in both schemes."""

EDGE_PAIRS = [
    (edge, paper) for edge in ("edge", "focus", "action", "stop", "warn-mark")
    for paper in ("paper", "sheet")
]  # fmt: skip


@pytest.mark.parametrize(("ink", "paper"), TEXT_PAIRS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read(scheme: str, ink: str, paper: str) -> None:
    assert contrast(colours(scheme)[ink], colours(scheme)[paper]) >= 4.5


@pytest.mark.parametrize(("edge", "paper"), EDGE_PAIRS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_edges_and_focus_can_be_seen(scheme: str, edge: str, paper: str) -> None:
    assert contrast(colours(scheme)[edge], colours(scheme)[paper]) >= 3


def test_dark_names_every_colour_that_light_names() -> None:
    assert set(re.findall(r"--[\w-]+: #", LIGHT)) == set(re.findall(r"--[\w-]+: #", DARK))


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_a_sheet_uses_only_tokens_that_exist(sheet: Path) -> None:
    used = set(re.findall(r"var\((--[\w-]+)", sheet.read_text("utf-8")))
    beside = [s.read_text("utf-8") for s in SHEETS if s.stem.startswith(sheet.stem)]

    assert used <= set(re.findall(r"(--[\w-]+):", "\n".join([TOKENS, *beside])))


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_colours_are_named_in_one_place(sheet: Path) -> None:
    if sheet.name in {"tokens.css", "print.css"}:
        return
    assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b", sheet.read_text("utf-8"))) <= PAPER_AND_CAMERAS


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_a_line_of_text_leaves_room_for_stacked_marks(sheet: Path) -> None:
    for rule in re.findall(r"[^{}]+{[^}]*line-height:\s*[\d.]+[^}]*}", sheet.read_text("utf-8")):
        value = float(re.findall(r"line-height:\s*([\d.]+)", rule)[0])
        assert value >= 1.35 or "tabular-nums" in rule, f"only figures may stand tighter: {rule}"
    assert float(re.findall(r"--leading-tight: ([\d.]+)", TOKENS)[0]) >= 1.35


def colours(scheme: str) -> dict[str, str]:
    """The colours of one scheme by name."""
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", LIGHT if scheme == "light" else DARK))


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2 between two colours."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
