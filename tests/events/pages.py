"""What an organiser types at the desk, and the words of the page that answers."""

from html import unescape
from typing import Any

TYPED = {
    "title": "Tọa đàm về sách",
    "kind": "talk",
    "unit": "tinh",
    "first_on": "03/10/2027",
    "starts": "08:00",
    "ends": "10:30",
    "place": "Hội trường A",
    "format": "in_person",
    "audience": "everyone",
    "counting": "tickets",
    "seats": "50",
    "themes": ["reading_culture"],
}


def page(response: Any) -> str:
    assert response.status_code < 500
    return unescape(response.get_data(as_text=True))
