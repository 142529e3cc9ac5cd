"""Servers of the bench, each on its own port, and wrk before them."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from core.serving import usual_size

ROOT = Path(__file__).parent.parent
LUA = Path(__file__).parent / "redeem.lua"
PORT = int(os.environ.get("BENCH_PORT", "8150"))
FLAGS = ("--interface", "wsgi", "--http", "1", "--no-ws", "--no-log")
"""What ``flask serve`` gives granian, for the bare servers."""


@dataclass(frozen=True)
class Result:
    """What wrk saw."""

    answers: int
    seconds: float
    p50: float
    p99: float
    worst: float
    errors: int

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.answers / self.seconds

    def line(self) -> str:
        """For the eye."""
        return (
            f"{self.rate:8,.0f}/s  p50 {self.p50:6.1f} ms  p99 {self.p99:6.1f} ms  "
            f"max {self.worst:6.1f} ms  {self.answers:6d} answers  {self.errors} errors"
        )


@contextmanager
def serving(command: Sequence[str], environment: dict[str, str], path: str) -> Iterator[int]:
    """A server until the block ends; gives its process id."""
    with subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            _wait_for(f"http://127.0.0.1:{PORT}{path}")
            yield process.pid
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


def ours(environment: dict[str, str]) -> tuple[list[str], dict[str, str], str]:
    """The application as ``flask serve`` runs it."""
    serve = ["flask", "--app", "app", "serve", "--no-clock"]
    return serve, {**environment, "PORT": str(PORT)}, "/healthz"


def bare(url: str) -> tuple[list[str], dict[str, str], str]:
    """The server without us, under the same flags."""
    workers, threads = usual_size(is_sqlite=url.startswith("sqlite"))
    flags = [*FLAGS, "--workers", str(workers), "--blocking-threads", str(threads)]
    command = ["granian", *flags, "--port", str(PORT), "bench.floor:app"]
    return command, {"BENCH_DATABASE": url}, "/"


def wrk(
    *, method: str, path: str, tickets: Path, token: str, seconds: int, run: int, clients: int = 32
) -> Result:
    """Load from one thread with so many clients."""
    done = subprocess.run(
        [
            *("wrk", "-t1", f"-c{clients}", f"-d{seconds}s", "--timeout", "20s"),
            *("-s", str(LUA), f"http://127.0.0.1:{PORT}"),
        ],
        env={
            **os.environ,
            "BENCH_METHOD": method,
            "BENCH_PATH": path,
            "BENCH_TICKETS": str(tickets),
            "BENCH_TOKEN": token,
            "BENCH_RUN": str(run),
        },
        capture_output=True,
        text=True,
        check=True,
    )
    found = re.search(r"RESULT (\d+) (\d+) ([\d.]+) ([\d.]+) ([\d.]+) (\d+)", done.stdout)
    if found is None:
        raise SystemExit(f"wrk gave no figures: {done.stdout}{done.stderr}")
    answers, micros, p50, p99, worst, errors = found.groups()
    return Result(
        int(answers), int(micros) / 1e6, float(p50), float(p99), float(worst), int(errors)
    )


def syncs_of(pid: int, seconds: int) -> subprocess.Popen[str] | None:
    """Counts the calls that force data to the disk, in a process and its children."""
    try:
        return subprocess.Popen(
            [
                *("timeout", "-s", "INT", str(seconds), "strace", "-f", "-c"),
                *("-e", "trace=fsync,fdatasync", *_attached(pid)),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
    except FileNotFoundError:
        return None


def counted(strace: subprocess.Popen[str]) -> int | None:
    """The sum that strace wrote when it ended; nothing when it may not look."""
    _, text = strace.communicate(timeout=30)
    calls = re.findall(r"^\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)\s.*f(?:data)?sync$", text, re.M)
    return sum(map(int, calls)) if calls else None


def cpu_seconds(pid: int) -> float:
    """Processor time that a process and its children have used so far."""
    ticks = 0
    for one in _family(pid):
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _attached(pid: int) -> list[str]:
    return [part for one in _family(pid) for part in ("-p", one)]


def _family(pid: int) -> list[str]:
    children = subprocess.run(
        ["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False
    ).stdout.split()
    return [str(pid), *children]


def _wait_for(address: str) -> None:
    for _ in range(150):
        try:
            urllib.request.urlopen(address, timeout=2).close()  # noqa: S310  our own address
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit(f"{address} does not answer")
