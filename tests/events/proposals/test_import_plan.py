"""The command that says what a plan document holds."""

import json
from pathlib import Path

import pytest

import app
from core.settings import Settings

GIVEN = Path(__file__).parents[1] / "plans" / "given"
WEEK = GIVEN / "week-2024-so-khcn-hcm.txt"
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
KEYS = [
    "campaign", "phases", "kind", "issuer", "superior", "number", "symbol", "place", "issued_on",
    "title", "bases", "theme", "starts_on", "ends_on", "opening_on", "activities", "duties",
    "reporting", "recipients", "signer", "warnings",
]  # fmt: skip


@pytest.fixture
def run(tmp_path: Path):
    """The command on an instance whose database does not exist."""
    settings = Settings(
        instance=tmp_path, database_url=f"sqlite:///{tmp_path}/none.db", secret_key="k" * 32
    )
    runner = app.create_app(settings).test_cli_runner()

    def invoke(*args: str, given: bytes = b""):
        result = runner.invoke(args=["events", "import-plan", *args], input=given)
        assert list(tmp_path.glob("*.db*")) == []
        return result

    return invoke


def test_it_prints_one_object_with_the_fields_of_the_contract(run) -> None:
    result = run(str(WEEK), "--json")
    found = json.loads(result.stdout)

    assert result.exit_code == 0
    assert list(found) == KEYS
    assert (found["campaign"], found["number"], found["symbol"]) == ("week", "4013", "KH-SKHCN")
    assert (found["starts_on"], found["ends_on"]) == ("2024-10-01", "2024-10-07")
    assert found["signer"] == {"authority": "KT. GIÁM ĐỐC", "title": "PHÓ GIÁM ĐỐC"}
    banner = found["activities"][1]
    assert (banner["kind"], banner["source"]["line"]) == ("banner", 23)


def test_it_reads_standard_input(run) -> None:
    by_name = run(str(WEEK), "--json")
    by_pipe = run("-", "--json", given=WEEK.read_bytes())

    assert by_pipe.exit_code == 0
    assert by_pipe.stdout == by_name.stdout


def test_without_json_it_prints_lines_for_a_person(run) -> None:
    result = run(str(WEEK))

    assert result.exit_code == 0
    assert "Chủ đề: Phát triển văn hóa đọc thúc đẩy học tập suốt đời" in result.stdout


def test_a_text_that_is_no_plan_ends_with_two(run) -> None:
    result = run("-", "--json", given="Công thức nấu phở: xương bò, quế, hồi.".encode())
    found = json.loads(result.stdout)

    assert result.exit_code == 2
    assert found["campaign"] is None
    assert [warning["code"] for warning in found["warnings"]] == ["not_a_plan"]
    assert len(result.stderr.splitlines()) == 1


def test_nothing_at_all_is_no_plan_and_says_that_it_is_empty(run) -> None:
    result = run("-", "--json", given=b"")

    assert result.exit_code == 2
    assert json.loads(result.stdout)["campaign"] is None
    assert "không có chữ nào" in result.stderr


def test_a_path_is_looked_for_in_the_folder_of_the_user(run, tmp_path, monkeypatch) -> None:
    (tmp_path / "kế hoạch.txt").write_bytes(WEEK.read_bytes())
    monkeypatch.chdir(tmp_path)

    assert run("kế hoạch.txt", "--json").exit_code == 0


def test_a_document_with_a_password_is_told_from_an_old_one(run) -> None:
    locked = run("-", given=OLD_WORD + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600)

    assert "mật khẩu" in locked.stderr
    assert "(doc)" in run("-", given=OLD_WORD + b"\0" * 600).stderr


@pytest.mark.parametrize(
    ("args", "given"),
    [
        (["/no/such/file.txt"], b""),
        (["/"], b""),
        (["nul\0"], b""),
        (["-"], b"%PDF-1.7"),
        (["-"], OLD_WORD + b"\0" * 600),
        (["-"], OLD_WORD + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600),
        (["-"], b"a" * (11 << 20)),
        (["-"], b"PK\x03\x04"),
        (["-"], bytes(range(128, 256)) * 9),
    ],
)
def test_what_cannot_be_read_ends_with_one_and_one_line(run, args: list[str], given: bytes) -> None:
    result = run(*args, given=given)

    assert result.exit_code == 1
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
