"""The rules of the house that a machine can check."""

import ast
import re
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import app
from tools import sentences, sizes, vendor

ROOT = Path(__file__).parent.parent
PACKAGES = ["core", "accounts", "notifications", "events", "checkin", "reports"]
OURS = [*PACKAGES, "app", "bench", "migrations", "rehearsal", "tests", "tools"]
FOLDERS = {
    *PACKAGES, "assets", "bench", "deploy", "docs", "instance", "migrations", "rehearsal",
    "requirements", "static", "templates", "tests", "tools", "translations",
}  # fmt: skip
EDGES = re.compile(
    r"(\w+_)?(views|desk|forms)|cli|api|door|venue|office|access|fields|clock|delivery|carrying"
    r"|worker|doctor|folder|mailer|rendering"
)
"""Modules of features that meet the web, a terminal, mail or the clock; the others are rules."""
FRAMEWORKS = {
    "flask", "werkzeug", "flask_mail", "flask_babel", "flask_login", "flask_wtf", "wtforms",
    "apscheduler", "click",
}  # fmt: skip
MAY_COMMIT = {"core/database.py"}


def python_files() -> list[Path]:
    folders = [*PACKAGES, "rehearsal", "bench", "tools", "tests", "migrations"]
    inside = (path for name in folders for path in (ROOT / name).rglob("*.py"))
    return [*sorted(inside), ROOT / "app.py"]


def rules() -> list[Path]:
    """Every module of a feature that is no edge."""
    features = (path for name in PACKAGES[1:] for path in sorted((ROOT / name).rglob("*.py")))
    return [path for path in features if not EDGES.fullmatch(path.stem)]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imported(path: Path) -> set[str]:
    """The roots of everything a file imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


@pytest.mark.parametrize("name", OURS)
def test_no_installed_distribution_claims_our_names(name: str) -> None:
    assert packages_distributions().get(name) is None


def test_the_root_has_only_the_folders_that_are_known() -> None:
    found = {path.name for path in ROOT.iterdir() if path.is_dir() and path.name[0] != "."}

    assert found - FOLDERS - {"__pycache__", "node_modules"} == set()


def test_no_package_hides_under_tests() -> None:
    assert [named(path) for path in (ROOT / "tests").rglob("__init__.py")] == []


def test_packages_hold_nothing_but_their_docstring() -> None:
    for package in [*PACKAGES, "rehearsal"]:
        body = ast.parse((ROOT / package / "__init__.py").read_text()).body
        assert len(body) <= 1, package


def test_one_place_commits() -> None:
    found = {
        named(path)
        for path in python_files()
        if ".commit(" in path.read_text() and not named(path).startswith(("tests/", "bench/"))
    }

    assert found == MAY_COMMIT


def test_files_and_functions_stay_short() -> None:
    long = [size for size in sizes.files() if size.lines > sizes.FILE]
    long += [size for size in sizes.functions() if size.lines > sizes.FUNCTION]

    assert long == []


def test_nine_of_ten_files_and_functions_are_shorter_still() -> None:
    assert sizes.p90(sizes.files(tests=False)) <= sizes.FILE_P90
    assert sizes.p90(sizes.functions()) <= sizes.FUNCTION_P90


def test_only_edges_know_a_framework() -> None:
    found = [
        f"{named(path)} imports {', '.join(sorted(imported(path) & FRAMEWORKS))}"
        for path in rules()
        if imported(path) & FRAMEWORKS
    ]

    assert found == []


def test_nobody_imports_the_roof() -> None:
    found = [
        named(path)
        for path in python_files()
        if "app" in imported(path) and path.relative_to(ROOT).parts[0] in PACKAGES
    ]

    assert found == []


def test_transactions_are_opened_only_at_the_edge() -> None:
    found = [
        named(path)
        for path in rules()
        if path.stem not in {"jobs", "lease"} and "with transaction()" in path.read_text()
    ]

    assert found == []


@pytest.mark.parametrize("occasion", app.OCCASIONS, ids=lambda occasion: occasion.name)
def test_every_occasion_has_its_letter(occasion) -> None:
    folder = ROOT / "templates" / "emails" / occasion.name

    assert {"subject.txt", "text.txt", "html.html"} <= {path.name for path in folder.iterdir()}


def test_every_letter_has_its_occasion() -> None:
    folders = (ROOT / "templates" / "emails").glob("*/subject.txt")

    assert {path.parent.name for path in folders} == {o.name for o in app.OCCASIONS}


def test_every_sentence_has_its_vietnamese_words() -> None:
    assert sentences.faults() == []


def test_sentences_are_really_found() -> None:
    found = {sentence for sentence, _ in sentences.used()}

    assert "This cannot be done." in found
    assert "What was kept" in found


def test_pages_hold_no_script_and_no_style_of_their_own() -> None:
    inline = re.compile(
        r"<script(?![^>]*(?:\bsrc=|application/json))|<style\b|\sstyle=|\son[a-z]+=\"|javascript:",
        re.I,
    )
    found = [
        f"{named(path)}: {match.group()}"
        for path in sorted((ROOT / "templates").rglob("*.html"))
        if "emails" not in path.parts
        for match in inline.finditer(path.read_text())
    ]

    assert found == []


def test_what_we_serve_asks_no_foreign_host() -> None:
    """Names of namespaces are not addresses; everything else must be a path of ours."""
    reaches = re.compile(
        r"(?:src|href|action|srcset)\s*=\s*[\"']\s*(?:https?:)?//|url\(\s*[\"']?(?:https?:)?//"
        r"|@import\s+[\"'](?:https?:)?//|(?:fetch|importScripts|import)\(\s*[\"'](?:https?:)?//",
        re.I,
    )
    served = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static").rglob("*.*")]
    found = [
        f"{named(path)}: {match.group()}"
        for path in served
        if path.suffix in {".html", ".css", ".js", ".svg"} and "vendor" not in path.parts
        for match in reaches.finditer(path.read_text())
    ]

    assert found == []


def test_vendored_files_are_the_reviewed_ones() -> None:
    assert list(vendor.faults()) == []


def test_requirements_are_hashed_and_name_no_index() -> None:
    for name in ("run.txt", "dev.txt"):
        lines = (ROOT / "requirements" / name).read_text().splitlines()
        pinned = [line for line in lines if re.match(r"[A-Za-z0-9]", line)]

        assert pinned
        assert all("==" in line and line.endswith("\\") for line in pinned), name
        assert not any(
            line.lstrip().startswith(("-i", "--index", "--extra", "--find", "-e")) for line in lines
        )


def test_templates_import_only_the_components_that_they_use() -> None:
    imports = re.compile(r'\{%-? from "[^"]+" import ([\w, ]+?)(?: with context)? -?%\}')
    idle = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        text = path.read_text()
        body = imports.sub("", text)
        imported = ", ".join(imports.findall(text)).split(", ")
        names = [name.rpartition(" as ")[2] for name in imported]
        idle += [f"{named(path)}: {n}" for n in names if n and not re.search(rf"\b{n}\(", body)]
    assert idle == []
