"""Pages on paper: every letter comes back, facts stay facts, the same gives the same."""

import itertools
import subprocess
import unicodedata
from datetime import UTC, datetime

import pytest

from core import pdf as printing
from core.pdf import pdf
from core.qr import png, svg

MADE_AT = datetime(2026, 10, 1, 1, tzinfo=UTC)
WEIGHTS = {
    "regular": "#f.text",
    "bold": "#strong(f.text)",
    "italic": "#emph(f.text)",
    "bold italic": "#strong(emph(f.text))",
}
PAGE = """
#set page(width: 160mm, height: 100mm, margin: 10mm)
#set text(font: "Tinos", size: 14pt, lang: "vi")
#let f = json(bytes(sys.inputs.facts))
"""


def vietnamese_letters():
    """The 134 letters that Vietnamese adds to those of English: small and capital."""
    vowels = "aăâeêioôơuưy"
    marks = ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]
    made = [unicodedata.normalize("NFC", v + m) for v, m in itertools.product(vowels, marks)]
    small = [letter for letter in [*made, "đ"] if not letter.isascii()]
    return small + [letter.upper() for letter in small]


@pytest.fixture
def made(tmp_path, monkeypatch):
    """Make a file of a page written here."""
    monkeypatch.setattr(printing, "TEMPLATES", tmp_path)

    def make(page, facts):
        (tmp_path / "page.typ").write_text(PAGE + page)
        return pdf("page.typ", facts, made_at=MADE_AT)

    return make


def asked(tool, file, *options):
    given = subprocess.run(
        [tool, *options, "-"] + (["-"] if tool == "pdftotext" else []),
        input=file,
        capture_output=True,
        check=True,
    )
    return given.stdout.decode()


@pytest.mark.parametrize("weight", WEIGHTS)
def test_every_vietnamese_letter_comes_back_from_paper(made, weight):
    letters = vietnamese_letters()
    assert len(letters) == 134
    file = made(WEIGHTS[weight], {"text": " ".join(letters)})
    assert "".join(asked("pdftotext", file).split()) == "".join(letters)
    fonts = asked("pdffonts", file).splitlines()[2:]
    assert fonts
    assert all("Tinos" in font and " yes yes yes " in font for font in fonts)


def test_letters_that_came_in_two_parts_are_printed_as_one(made):
    file = made("#f.text", {"text": unicodedata.normalize("NFD", "Nguyễn Thị Đặng")})
    assert "Nguyễn Thị Đặng" in asked("pdftotext", file)


@pytest.mark.parametrize(
    "text",
    ['#panic("x")', '*x* _y_ $z$ `w` "q" \\', '#image("/etc/passwd")', "/* x */ // y", "<a> @b"],
)
def test_facts_never_become_markup(made, text):
    written = asked("pdftotext", made("#f.text", {"text": text}))
    assert "".join(written.split()) == "".join(text.split())


def test_the_same_facts_and_moment_give_the_same_bytes(made):
    page = "#f.text #image(bytes(f.drawn), width: 3cm) #image(bytes(f.dots), width: 3cm)"
    facts = {"text": "Một", "drawn": svg("X"), "dots": png("Y")}
    first = made(page, facts)
    assert first == made(page, facts)
    assert "Oct  1 01:00:00 2026" in asked("pdfinfo", first)
    assert made(page, {**facts, "text": "Hai"}) != first


def test_nothing_outside_the_templates_is_read(made):
    with pytest.raises(RuntimeError, match="escape the project root"):
        made('#read("../../../../../../etc/hostname")', {})
