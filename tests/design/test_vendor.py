"""Other people's files: the reviewed bytes, each with its licence, nothing from elsewhere."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from tools import vendor

STATIC = vendor.ROOT / "static"


def test_every_vendored_file_is_the_reviewed_one() -> None:
    assert list(vendor.faults()) == []


def test_a_changed_a_missing_and_an_unlisted_file_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {f"{n}.js": vendor.File(f"{n}.js", vendor.sha256(n.encode())) for n in "ab"}
    package = vendor.Package("thing", "1.0", "MIT", "npm", "thing-1.0", files)
    monkeypatch.setattr(vendor, "ROOT", tmp_path)
    monkeypatch.setattr(vendor, "packages", lambda: [package])
    (tmp_path / "thing-1.0").mkdir()
    (tmp_path / "thing-1.0" / "a.js").write_bytes(b"tampered")
    (tmp_path / "thing-1.0" / "c.js").write_bytes(b"c")

    assert list(vendor.faults()) == [
        "thing-1.0/a.js differs from the reviewed file",
        "thing-1.0/b.js is missing",
        "thing-1.0/c.js is not in the manifest",
    ]
    assert vendor.main(["check"]) == 1


def test_a_file_is_shipped_as_reviewed_only_from_what_was_reviewed() -> None:
    came, ours = b"fetch('https://cdn.example/x')", b"fetch('/x')"
    file = vendor.File("a.js", vendor.sha256(ours), vendor.sha256(came),
                       (("https://cdn.example/x", "/x"),))  # fmt: skip

    assert file.shipped(came) == ours
    with pytest.raises(ValueError, match="has other bytes"):
        file.shipped(ours)
    for instead in ((), (("https://", ""),), (("/", ""),)):
        with pytest.raises(ValueError, match=r"did not become|does not hold once"):
            replace(file, instead=instead).shipped(came)


@pytest.mark.parametrize("package", vendor.packages(), ids=lambda package: package.name)
def test_a_package_names_its_licence_and_ships_its_text(package: vendor.Package) -> None:
    assert package.licence
    assert len(package.target("LICENSE").read_text("utf-8")) > 200


def test_everything_under_vendor_is_listed() -> None:
    listed = {package.folder for package in vendor.packages()}

    for folder in (STATIC / "vendor", vendor.ROOT / "tests" / "vendor"):
        for path in folder.iterdir():
            assert str(path.relative_to(vendor.ROOT)) in listed


@pytest.mark.parametrize(
    "path",
    [p for p in STATIC.rglob("*") if p.suffix in {".css", ".js", ".svg"}],
    ids=lambda path: path.name,
)
def test_a_file_that_is_served_names_no_other_host(path: Path) -> None:
    hosts = set(re.findall(r"(?:https?:)?//[a-z0-9.-]+", path.read_text("utf-8")))

    assert hosts <= {"http://www.w3.org"}
