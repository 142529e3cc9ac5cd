"""Printed pages: a template of ours, laid out by typst, with facts that can never become markup.

The same template, facts and moment give the same bytes. Only the four weights of Tinos are known,
and they travel in the file; nothing is read but the folder of the templates, nothing is fetched.
"""

import json
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

import typst

from core.settings import ROOT

TEMPLATES = ROOT / "templates" / "pdf"
FONTS = ROOT / "assets" / "fonts" / "tinos"


def pdf(template: str, facts: Mapping[str, Any], *, made_at: datetime) -> bytes:
    """The pages of ``template`` as a file, dated ``made_at``.

    The template reads the facts by ``json(bytes(sys.inputs.facts))``. A picture is a fact too, an
    SVG as ``str`` or a PNG as ``bytes``, and drawn by ``image(bytes(facts.picture))``. Moments and
    numbers are written in words before they come here.
    """
    told = json.dumps(dict(facts), ensure_ascii=False, default=list)
    made: bytes = typst.compile(
        (TEMPLATES / template).read_bytes(),
        root=TEMPLATES,
        font_paths=_fonts(),
        sys_inputs={"facts": unicodedata.normalize("NFC", told)},
        timestamp=int(made_at.astimezone(UTC).timestamp()),
    )
    return made


@cache
def _fonts() -> Any:
    """The fonts of this installation, read once; never those of the machine."""
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)]
    )
