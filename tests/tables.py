"""Bringing a table in, as a member of the staff does it, for tests of every sheet."""

import re
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core import jobs
from core.database import reading, session
from core.jobs import Job, JobState
from core.jobs_worker import Worker
from core.spreadsheets.preview import Status, Verdict, unpacked


@dataclass
class Desk:
    """One person at the desk, and the worker in the next room."""

    client: FlaskClient

    def upload(self, sheet: str, content: bytes | str, name: str = "bang.csv") -> TestResponse:
        raw = content.encode() if isinstance(content, str) else content
        body = (
            f'--x\r\nContent-Disposition: form-data; name="sheet"\r\n\r\n{sheet}\r\n--x\r\n'
            f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        ).encode()
        return self.client.post(
            "/desk/sheets/new",
            data=body + raw + b"\r\n--x--\r\n",
            content_type="multipart/form-data; boundary=x",
        )

    def bring_in(self, sheet: str, content: bytes | str) -> list[Verdict]:
        """Upload and look; the verdicts of the preview."""
        answer = self.upload(sheet, content)
        assert answer.status_code == 302, answer.text
        self.work()
        job = self.job()
        assert job.state is JobState.DONE, job.outcome
        assert self.page().status_code == 200
        return unpacked(job.result or b"")

    def statuses(self, sheet: str, content: bytes | str) -> list[Status]:
        return [verdict.status for verdict in self.bring_in(sheet, content)]

    def reasons(self, sheet: str, content: bytes | str) -> list[tuple[str, str]]:
        """Cell and error sentence of everything that is refused."""
        verdicts = self.bring_in(sheet, content)
        return [(r.cell, r.sentence) for verdict in verdicts for r in verdict.reasons]

    def keep(self, sheet: str, content: bytes | str) -> Job:
        """Bring in and confirm; all of it is kept."""
        self.bring_in(sheet, content)
        self.confirm()
        job = self.job()
        assert job.outcome.get("kept"), job.outcome
        assert job.file is None
        assert self.page().status_code == 200
        return job

    def confirm(self) -> TestResponse:
        answer = self.client.post(f"/desk/sheets/imports/{self.job().id}/confirm")
        self.work()
        return answer

    def undo(self) -> Job:
        """Look what would go back, then put it back."""
        number = self.job().id
        assert self.client.get(f"/desk/sheets/imports/{number}/undo").status_code == 200
        assert self.client.post(f"/desk/sheets/imports/{number}/undo").status_code == 302
        self.work()
        assert self.page().status_code == 200
        return self.job()

    def page(self, query: str = "?status=all") -> TestResponse:
        return self.client.get(f"/desk/sheets/imports/{self.job().id}{query}")

    def work(self) -> None:
        Worker(self.client.application.extensions["works"]).run_all()

    def job(self) -> Job:
        """The latest."""
        with reading():
            return session().scalars(jobs.with_files(jobs.latest()).limit(1)).one()

    def file(self, sheet: str, **query: Any) -> bytes:
        answer = self.client.get("/desk/sheets/file", query_string={"sheet": sheet, **query})
        assert answer.status_code == 200
        return answer.data

    def round_trip(self, sheet: str) -> set[Status]:
        """What the files say that were just taken away, in every form."""
        forms = ({"kind": "xlsx"}, {"kind": "csv"}, {"kind": "csv", "separator": "comma"})
        return {s for form in forms for s in self.statuses(sheet, self.file(sheet, **form))}


def texts(page: TestResponse) -> str:
    """The words of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())
