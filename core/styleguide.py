"""The design system, shown: every component with words from a real week."""

from datetime import UTC, datetime

import qrcode
from flask import Blueprint, render_template
from markupsafe import Markup
from qrcode.image.svg import SvgPathImage
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    validators,
)

from core.forms import Form

blueprint = Blueprint("styleguide", __name__)


class ExampleForm(Form):
    """One field of each sort, as features build them."""

    title = StringField("Tên hoạt động", [validators.InputRequired("Tên hoạt động còn trống.")])
    unit = SelectField(
        "Đơn vị chủ trì",
        choices={"ttv": "Thư viện tỉnh", "sgd": "Sở Giáo dục và Đào tạo"},
        validators=[validators.InputRequired()],
    )
    starts_on = DateField(
        "Ngày tổ chức", [validators.InputRequired("Ngày tổ chức còn trống, ví dụ 03/10/2027.")]
    )
    seats = IntegerField("Số chỗ", [validators.Optional()])
    about = TextAreaField("Giới thiệu", [validators.Optional()])
    counting = RadioField(
        "Cách ghi nhận người tham dự",
        choices={"tickets": "Vé có mã QR", "self_scan": "Quét mã tại chỗ", "tally": "Đếm số"},
        validators=[validators.InputRequired("Cách ghi nhận chưa được chọn.")],
    )
    themes = SelectMultipleField(
        "Chủ đề", choices={"reading": "Văn hóa đọc", "digital": "Công dân số"}
    )
    consent = BooleanField("Đồng ý nhận thư nhắc trước ngày tổ chức")


@blueprint.get("/styleguide")
def show() -> str:
    """Every component on one page, for whoever builds the next page."""
    wrong = ExampleForm(formdata=None, prefix="wrong-", meta={"csrf": False})
    wrong.validate()
    return render_template(
        "styleguide.html",
        form=ExampleForm(formdata=None, meta={"csrf": False}),
        wrong=wrong,
        svg=_example_qr(),
        at=datetime(2027, 10, 3, 0, 30, tzinfo=UTC),
    )


def _example_qr() -> Markup:
    image = qrcode.make("T1.example", image_factory=SvgPathImage, border=2)
    return Markup(image.to_string(encoding="unicode"))  # noqa: S704  # made by us, not by a visitor
