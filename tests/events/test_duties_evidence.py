"""What shows that a duty is done: photos, links, counts, on pages."""

import socket
from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest

from core import clock, files
from events.duties import jobs, photos, services
from events.duties.addresses import is_public
from events.duties.models import Photo
from events.models import Assignment, Evidence
from tests.events.duties_world import BEFORE, a_world, give, link
from tests.events.pages import page
from tests.events.test_photos import a_bomb, a_picture, with_secrets, written
from tests.factories import signed_in


@pytest.fixture
def world(given, at):
    at(BEFORE)
    return a_world(given)


@pytest.fixture
def office(app, world):
    return signed_in(app.test_client(), world.organiser)


def a_photo(content: bytes, **more: str) -> dict[str, object]:
    return {"photo": (BytesIO(content), "IMG_1.jpg"), **more}


def test_a_photo_is_kept_without_its_secrets_and_shown_to_nobody_else(
    client, office, world, stored
) -> None:
    duty, *_ = give(world)
    address = f"{link(stored, world.ward)}/{duty.id}/evidence"

    client.post(address, data=a_photo(with_secrets(a_picture()), note="Trước cổng"))

    [photo] = stored(Photo)
    name = photo.code.lower()
    kept = files.get(f"photos/{name[:2]}/{name}.jpg") or b""
    assert kept[:2] == b"\xff\xd8"
    assert b"Secret" not in kept
    shown = f"{link(stored, world.ward)}/photos/{photo.code}"
    assert client.get(shown).data == files.get(f"photos/{name[:2]}/{name}-small.jpg")
    assert client.get(f"{link(stored, world.village)}/photos/{photo.code}").status_code == 404
    assert client.get(f"/photos/{photo.code}").status_code == 404
    assert office.get(f"/desk/duties/photos/{photo.code}").data == kept

    office.post(f"/desk/duties/photos/{photo.code}/agree")
    assert client.get(f"/photos/{photo.code}").data == kept
    office.post(f"/desk/duties/photos/{photo.code}/refuse")
    assert client.get(f"/photos/{photo.code}").status_code == 404


def test_the_same_file_sent_twice_is_one_photo_and_taken_out_it_is_gone(
    client, world, stored
) -> None:
    duty, *_ = give(world)
    address = f"{link(stored, world.ward)}/{duty.id}/evidence"
    for _ in range(2):
        client.post(address, data=a_photo(written(a_picture())))
    [photo] = stored(Photo)
    name = photo.code.lower()

    client.post(f"{address}/{photo.evidence_id}/remove")

    assert (stored(Photo), stored(Evidence)) == ([], [])
    assert files.get(f"photos/{name[:2]}/{name}.jpg") is None


def test_a_photo_that_another_unit_sent_as_well_is_flagged(client, office, world, stored) -> None:
    ward, village, _ = give(world)
    sent = a_picture((1200, 900), seed=5)
    client.post(f"{link(stored, world.ward)}/{ward.id}/evidence", data=a_photo(written(sent)))
    client.post(
        f"{link(stored, world.village)}/{village.id}/evidence",
        data=a_photo(written(sent.resize((800, 600)), quality=50)),
    )
    client.post(
        f"{link(stored, world.village)}/{village.id}/evidence",
        data=a_photo(written(a_picture(seed=9))),
    )

    first, copy, other = stored(Photo)
    assert (first.resembles_id, copy.resembles_id, other.resembles_id) == (None, first.id, None)
    assert "Giống ảnh của UBND phường" in page(office.get(f"/desk/duties/{village.id}"))


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        (a_photo(b""), 422, "Tệp ảnh trống"),
        (a_photo(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), 422, "không phải ảnh"),
        (a_photo(b"<html><script>alert(1)</script></html>"), 422, "không phải ảnh"),
        (a_photo(a_bomb()), 413, "quá lớn"),
        ({"link": "http://127.0.0.1/anh", "note": "x"}, 400, "mạng nội bộ"),
        ({"link": "http://169.254.169.254/latest/", "note": "x"}, 400, "mạng nội bộ"),
        (a_photo(b"hello"), 422, "không phải ảnh đọc được"),
        (a_photo(b"\x00\x00\x00\x18ftypheic" + b"\x00" * 99), 422, "HEIC"),
        (a_photo(b"\xff\xd8" + b"\x00" * 200_000), 413, "quá lớn"),
        ({}, 422, "Xin chọn ảnh"),
        ({"link": "javascript:alert(1)", "note": "x"}, 400, "https://"),
        ({"link": "https://bao.example.vn/1"}, 400, "Xin ghi tên"),
        ({"number": "12"}, 400, "đơn vị tính"),
        ({"number": "-3", "measure": "tin"}, 400, "số"),
    ],
)
def test_evidence_that_shows_nothing_is_refused(
    client, world, stored, monkeypatch, typed, status, said
) -> None:
    monkeypatch.setattr(photos, "LARGEST_FILE", 150_000)
    duty, *_ = give(world)
    if "photo" in typed:
        typed = {"photo": (BytesIO(typed["photo"][0].getvalue()), "a.jpg")}

    kept = {"note": "Băng rôn trước cổng", "measure": "tấm"} if "photo" in typed else {}
    answer = client.post(f"{link(stored, world.ward)}/{duty.id}/evidence", data={**typed, **kept})

    assert (answer.status_code, stored(Evidence)) == (status, [])
    assert said in page(answer)
    for word in [*kept.values(), *(v for v in typed.values() if isinstance(v, str))]:
        assert f'value="{word}"' in page(answer)


def test_a_link_keeps_its_title_and_a_count_its_measure(client, office, world, stored) -> None:
    duty, *_ = give(world)
    address = f"{link(stored, world.ward)}/{duty.id}/evidence"

    client.post(address, data={"link": "https://bao.example.vn/1", "note": "Lễ khai mạc"})
    office.post(f"/desk/duties/{duty.id}/evidence", data={"number": "1.200", "measure": "cuốn"})

    shown = page(office.get(f"/desk/duties/{duty.id}"))
    assert ">Lễ khai mạc</a>" in shown
    assert "1.200 cuốn" in shown


def test_evidence_of_a_duty_has_an_end(client, world, stored, monkeypatch) -> None:
    monkeypatch.setattr(services, "MOST_EVIDENCE", 1)
    duty, *_ = give(world)
    address = f"{link(stored, world.ward)}/{duty.id}/evidence"
    client.post(address, data=a_photo(written(a_picture())))

    answer = client.post(address, data=a_photo(written(a_picture(seed=2))))

    assert (answer.status_code, len(stored(Photo))) == (409, 1)
    assert "đã có 1 minh chứng" in page(answer)


def test_a_duty_that_is_withdrawn_takes_its_photos_along(client, office, world, stored) -> None:
    duty, *_ = give(world)
    address = f"{link(stored, world.ward)}/{duty.id}/evidence"
    client.post(address, data=a_photo(written(a_picture())))
    name = stored(Photo)[0].code.lower()

    office.post(f"/desk/duties/{duty.id}/withdraw")

    assert (len(stored(Assignment)), stored(Photo)) == (2, [])
    assert files.get(f"photos/{name[:2]}/{name}.jpg") is None


def kept_files(moment) -> list[str]:
    return files.written_before("photos", moment + timedelta(hours=1))


@pytest.fixture
def folder(monkeypatch, tmp_path):
    """Files of this test alone."""
    monkeypatch.setattr(files, "_folder", tmp_path)


def test_pictures_that_no_photo_names_are_deleted_after_a_day(
    client, world, stored, folder
) -> None:
    duty, *_ = give(world)
    client.post(
        f"{link(stored, world.ward)}/{duty.id}/evidence", data=a_photo(written(a_picture()))
    )
    for key in ("photos/aa/aaa.jpg", "photos/aa/aaa-small.jpg", "photos/bb/.bbb.jpg.0a1b2c3d"):
        files.put(key, b"jpeg")
    now = clock.now()
    later = now + timedelta(days=5000)
    own = [key for key in kept_files(later) if "/aa/" not in key and "/bb/" not in key]

    early: Any = SimpleNamespace(now=now - timedelta(days=5000))
    late: Any = SimpleNamespace(now=later)
    assert jobs.sweep_photos(early) == ""
    assert len(kept_files(later)) == 5
    assert jobs.sweep_photos(late) == "3 deleted"

    assert kept_files(later) == own
    assert len(own) == 2


def test_a_dry_run_names_the_pictures_and_deletes_none(app, at, folder) -> None:
    files.put("photos/cc/ccc.jpg", b"jpeg")
    at(clock.now() + timedelta(days=5000))

    said = app.test_cli_runner().invoke(args=["duties", "sweep-photos", "--dry-run"])

    assert "photos/cc/ccc.jpg" in said.output
    assert files.get("photos/cc/ccc.jpg") == b"jpeg"
    app.test_cli_runner().invoke(args=["duties", "sweep-photos"])
    assert files.get("photos/cc/ccc.jpg") is None


@pytest.mark.parametrize(
    "address",
    [
        "http://localhost/", "http://127.0.0.1:8000/x", "http://[::1]/", "http://10.0.0.8/",
        "http://192.168.1.1/", "http://172.16.3.4/", "http://169.254.169.254/", "http://0.0.0.0/",
        "http://2130706433/", "http://0x7f.1/", "http://127.1/", "http://[::ffff:10.0.0.1]/",
        "https://maychu/", "https://maychu.local/", "https://so.internal./",
        "https://ten:matkhau@bao.example.vn/",
    ],
)  # fmt: skip
def test_what_only_one_network_opens_is_no_evidence(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["https://bao.example.vn/1", "http://8.8.8.8/", "https://xn--bo-jja.vn:8443/a?b=1"]
)
def test_what_everyone_opens_is_evidence(address: str) -> None:
    assert is_public(address)


def test_nothing_asks_the_network_for_a_link(client, world, stored, monkeypatch) -> None:
    def refuse(*_what: object) -> None:
        raise AssertionError("asked the network")

    duty, *_ = give(world)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)

    client.post(
        f"{link(stored, world.ward)}/{duty.id}/evidence",
        data={"link": "https://bao.example.vn/1", "note": "Lễ khai mạc"},
    )

    assert [piece.note for piece in stored(Evidence)] == ["Lễ khai mạc"]
