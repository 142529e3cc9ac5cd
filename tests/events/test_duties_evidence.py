"""What shows that a duty is done: photos, links, counts, on pages."""

from io import BytesIO

import pytest

from core import files
from events.duties import photos, services
from events.duties.models import Photo
from events.models import Assignment, Evidence
from tests.events.duties_world import BEFORE, a_world, give, link
from tests.events.pages import page
from tests.events.test_photos import a_picture, with_secrets, written
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

    answer = client.post(f"{link(stored, world.ward)}/{duty.id}/evidence", data=typed)

    assert (answer.status_code, stored(Evidence)) == (status, [])
    assert said in page(answer)


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
