"""The real server as a process of its own, and what can be asked of it from outside."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parent.parent
FLASK = [sys.executable, "-m", "flask"]


def own_environment(instance: Path, **settings: str) -> dict[str, str]:
    """An installation of its own on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    kept = {n: v for n, v in os.environ.items() if not n.startswith("TUANHOC_")}
    return kept | {"TUANHOC_INSTANCE": str(instance), "PORT": str(port), **settings}


def flask(*arguments: str, environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    """A command, to its end."""
    return subprocess.run(
        [*FLASK, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )


def started(environment: dict[str, str], *options: str) -> "subprocess.Popen[str]":
    """``flask serve``, once it answers."""
    process = subprocess.Popen(
        [*FLASK, "serve", *options], cwd=ROOT, env=environment, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, start_new_session=True,
    )  # fmt: skip
    wait_for(environment)
    return process


def ended(process: "subprocess.Popen[str]") -> None:
    """Whatever it became, nothing of it stays."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def ask(environment: dict[str, str], path: str = "/readyz") -> int:
    address = f"http://127.0.0.1:{environment['PORT']}{path}"
    with urllib.request.urlopen(address, timeout=30) as answer:
        return int(answer.status)


def wait_for(environment: dict[str, str]) -> None:
    until = time.monotonic() + 40
    while time.monotonic() < until:
        try:
            ask(environment)
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server did not come up")


def children(process: "subprocess.Popen[str]") -> list[int]:
    """Every process that still belongs to the server's group, itself left out."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if (
            int(fields[2]) == process.pid
            and fields[0] != "Z"
            and status.parent.name != str(process.pid)
        ):
            found.append(int(status.parent.name))
    return found


def workers(process: "subprocess.Popen[str]") -> list[int]:
    """The processes that answer; none while they are being replaced."""
    return [pid for pid in children(process) if b"spawn_main" in _command(pid)]


def worker(process: "subprocess.Popen[str]") -> int:
    found = workers(process)
    assert found, "no worker"
    return found[0]


def gone(pids: list[int]) -> bool:
    """Whether they end within a while."""
    until = time.monotonic() + 15
    while time.monotonic() < until:
        if not any(Path(f"/proc/{pid}").exists() for pid in pids):
            return True
        time.sleep(0.1)
    return False


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""
