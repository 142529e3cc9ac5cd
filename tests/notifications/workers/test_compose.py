"""What the compose file starts is what the command line knows, and what was killed in the proof."""

import json
import re
from pathlib import Path

from flask import Flask

from core.settings import unknown
from tests.notifications.workers.machines import ROLES

ROOT = Path(__file__).parent.parent.parent.parent
COMPOSE = (ROOT / "deploy" / "compose.yaml").read_text()
SERVICE = re.compile(r"^  (\w+):\n    <<: \*tuanhoc\n    command: (\[.*\])", re.MULTILINE)


def test_every_container_runs_a_command_that_there_is(app: Flask) -> None:
    started = {name: json.loads(words) for name, words in SERVICE.findall(COMPOSE)}

    assert set(started) == {"upgrade", *ROLES}
    for role, words in ROLES.items():
        assert words[: len(started[role])] == started[role]
    for words in started.values():
        answer = app.test_cli_runner().invoke(args=[*words, "--help"])
        assert answer.exit_code == 0, words


def test_every_setting_of_a_container_is_one() -> None:
    names = re.findall(r"^    (TUANHOC_\w+):", COMPOSE, re.MULTILINE)

    assert "TUANHOC_WORKERS" in names
    assert unknown(dict.fromkeys(names, "")) == []


def test_the_page_about_many_machines_names_the_same_commands() -> None:
    page = (ROOT / "docs" / "many-machines.md").read_text()

    for words in ROLES.values():
        assert f"`flask {' '.join(words[:2])}" in page
