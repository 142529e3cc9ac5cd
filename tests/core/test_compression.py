"""Pages and sheets are compressed for those who take it; programs and pictures are not."""

import gzip

import pytest
from flask.testing import FlaskClient
from werkzeug import Response

ASKS = {"Accept-Encoding": "gzip, deflate, br"}
FONT = "/static/vendor/be-vietnam-pro-5.3.0/be-vietnam-pro-latin-400-normal.woff2"


@pytest.mark.parametrize("path", ["/styleguide", "/static/css/components.css", "/sign-in"])
def test_a_page_or_sheet_is_the_same_after_unpacking(client: FlaskClient, path: str) -> None:
    plain = _get(client, path)
    packed = _get(client, path, ASKS)

    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) * 0.7
    assert len(gzip.decompress(packed.data)) == len(plain.data)


def test_nothing_is_compressed_for_those_who_do_not_ask(client: FlaskClient) -> None:
    answer = client.get("/styleguide")

    assert "Content-Encoding" not in answer.headers
    assert "Accept-Encoding" in answer.headers["Vary"]


@pytest.mark.parametrize(
    "path",
    ["/healthz", FONT],
)
def test_answers_to_programs_and_fonts_are_left_alone(client: FlaskClient, path: str) -> None:
    assert "Content-Encoding" not in _get(client, path, ASKS).headers


def test_a_sheet_that_has_not_changed_is_not_sent_again(client: FlaskClient) -> None:
    first = _get(client, "/static/css/components.css", ASKS)
    second = _get(
        client, "/static/css/components.css", {**ASKS, "If-None-Match": first.headers["ETag"]}
    )

    assert first.headers["ETag"].startswith("W/")
    assert (second.status_code, second.data) == (304, b"")


def test_the_length_of_a_page_says_nothing_exact(client: FlaskClient) -> None:
    lengths = {len(client.get("/styleguide", headers=ASKS).data) for _ in range(20)}

    assert len(lengths) > 5


def _get(client: FlaskClient, path: str, headers: dict[str, str] | None = None) -> Response:
    """The whole answer, its file closed."""
    with client.get(path, headers=headers) as answer:
        answer.get_data()
    return answer
