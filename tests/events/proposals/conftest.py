"""A department with an office and a centre below it, and the plan that arrives for it."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest

from accounts.models import Role, UnitKind
from tests.factories import LONG_AGO, a_unit, an_account, signed_in

PLAN = """Số: 12/KH-SKHCN
Lâm Sơn, ngày 20 tháng 9 năm 2027
KẾ HOẠCH
Tổ chức Tuần lễ hưởng ứng học tập suốt đời năm 2027
Thực hiện Kế hoạch số 45/KH-UBND ngày 10 tháng 9 năm 2027 của UBND tỉnh, Sở Khoa học và Công nghệ xây dựng kế hoạch như sau:
I. NỘI DUNG
1. Chủ đề: “Đọc sách mỗi ngày”
2. Thời gian: từ ngày 01/10/2027 đến ngày 07/10/2027.
3. Các hoạt động
- Treo băng rôn tuyên truyền tại trụ sở Sở và các đơn vị trực thuộc.
- Tổ chức tọa đàm về văn hóa đọc tại Hội trường Sở ngày 03/10/2027.
- Quyên góp sách tặng học sinh vùng sâu.
II. TỔ CHỨC THỰC HIỆN
1. Văn phòng Sở: chủ trì tổ chức tọa đàm về văn hóa đọc.
2. Các đơn vị trực thuộc: treo băng rôn tại trụ sở trước ngày 28/9/2027.
3. Trung tâm Ứng dụng tiến bộ khoa học: đưa tin về các hoạt động của Tuần lễ.
4. Văn phòng Sở tổng hợp, báo cáo kết quả về Sở Giáo dục và Đào tạo trước ngày 10/10/2027.
Nơi nhận:
- Sở GD&ĐT;
- Lưu: VT.
GIÁM ĐỐC
"""  # noqa: E501


@pytest.fixture
def office(given, at):
    """The department whose plan it is, at the top of its tree."""
    at(LONG_AGO)
    department = given(a_unit(code="so", name="Sở Khoa học và Công nghệ", short_name="Sở KH&CN"))
    given(a_unit(parent=department, code="vp", name="Văn phòng Sở", kind=UnitKind.DIVISION))
    given(a_unit(parent=department, code="tt", name="Trung tâm Thông tin", kind=UnitKind.CENTRE))
    return department


@pytest.fixture
def boss(client, office, given):
    """Who administers and organises all of it, signed in."""
    return signed_in(client, given(an_account((Role.ADMIN, office))))


@pytest.fixture
def organiser(app, office, given):
    """Who organises, but may neither add units nor set up weeks."""
    return signed_in(app.test_client(), given(an_account((Role.ORGANISER, office))))


@pytest.fixture
def taken_in() -> Callable[..., str]:
    """Send a text or a file; gives the address of its review."""

    def send(visitor: Any, text: str = PLAN, **more: Any) -> str:
        answer = visitor.post("/desk/proposals/new", data={"text": text, **more})
        assert answer.status_code == 302, answer.get_data(as_text=True)
        return str(answer.location)

    return send


def as_file(raw: bytes, name: str = "ke-hoach.txt") -> dict[str, Any]:
    return {"document": (BytesIO(raw), name)}
