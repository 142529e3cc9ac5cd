"""How wide words are on paper, and where long ones break."""

from core.measure import balanced, width


def test_a_long_name_breaks_into_lines_of_like_length() -> None:
    name = "TRUNG TÂM HỌC TẬP CỘNG ĐỒNG XÃ ĐÔNG THUẬN"

    room = balanced(name, 13, 64, bold=True)

    parts = ("TRUNG TÂM HỌC", "TẬP CỘNG ĐỒNG", "XÃ ĐÔNG THUẬN")
    assert max(width(part, 13, bold=True) for part in parts) <= room
    assert width("CỘNG ĐỒNG XÃ ĐÔNG", 13, bold=True) > room, "no line holds one word alone"
