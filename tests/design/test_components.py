"""The components: each is shown, says what it is for, works with forms and plain values."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from wtforms import RadioField, StringField, validators

from core.forms import Form

TEMPLATES = Path(__file__).parent.parent.parent / "templates"
COMPONENTS = sorted((TEMPLATES / "components").glob("*.html"))


class Visit(Form):
    name = StringField("Họ và tên", [validators.InputRequired()], description="Như trên giấy mời")
    note = StringField("Ghi chú", [validators.Length(max=5)])
    part = RadioField("Buổi", choices={"am": "Sáng"}, validators=[validators.InputRequired()])


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_a_component_is_shown_on_the_style_guide(path: Path) -> None:
    shown = (TEMPLATES / "styleguide.html").read_text("utf-8")

    assert f'{{% from "components/{path.name}" import {path.stem} %}}' in shown
    assert re.search(rf"(\{{\{{|call|, |\[|\() ?{path.stem}\(", shown), f"{path.stem} is not called"


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_a_component_is_listed_in_the_documentation(path: Path) -> None:
    listed = (TEMPLATES.parent / "docs" / "components.md").read_text("utf-8")

    assert re.search(rf"^\| {path.stem} \|", listed, re.MULTILINE)


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_a_component_begins_with_its_sentence(path: Path) -> None:
    assert re.match(r"\{#- [A-Z].+[.)] -#\}\n", path.read_text("utf-8"))


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_no_template_has_a_style_or_script_of_its_own(path: Path) -> None:
    source = path.read_text("utf-8")

    if "emails" not in path.parts:
        assert (
            re.findall(
                r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*(?:src=|application/json))|src=.https?://",
                source,
            )
            == []
        )


def test_the_style_guide_renders(client: FlaskClient) -> None:
    page = client.get("/styleguide")

    assert page.status_code == 200
    assert page.text.count("<h1>") == 1
    assert '<html lang="vi">' in page.text


def test_ids_on_the_style_guide_are_unique(client: FlaskClient) -> None:
    ids = re.findall(r'\sid="([^"]+)"', client.get("/styleguide").text)

    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 413, 429, 500, 503])
def test_an_error_page_says_what_happened_was_kept_and_can_be_done(app: Flask, status: int) -> None:
    with app.test_request_context():
        page = _render(app, "errors/page.html", status=status, sentence="", reference="ab12")

    assert [f"<dt>{name}</dt>" in page for name in ("Sự việc", "Nội dung được giữ", "Cách xử lý")]
    assert ("ab12" in page) == (status >= 500)


def test_a_rules_own_sentence_stands_on_the_error_page(app: Flask) -> None:
    with app.test_request_context():
        page = _render(app, "errors/page.html", status=409, sentence="Đã khóa sổ.", reference="x")

    assert "<dd>Đã khóa sổ.</dd>" in page


def test_a_wrong_field_names_its_error_and_hint_to_screen_readers(app: Flask) -> None:
    with app.test_request_context(method="POST", data={"name": "", "note": "quá dài"}):
        form = Visit(meta={"csrf": False})
        form.validate()
        field = _call(app, "field", "{{ field(form.name, autocomplete='name') }}", form=form)

    assert 'aria-describedby="name-hint name-error"' in field
    assert 'aria-invalid="true"' in field
    assert 'aria-required="true"' in field
    assert 'autocomplete="name"' in field
    assert "Mục này chưa được điền." in field
    assert " required" not in field


def test_a_field_keeps_what_was_typed_and_says_when_it_is_optional(app: Flask) -> None:
    with app.test_request_context(method="POST", data={"name": "Lan", "note": "<b>quá dài"}):
        form = Visit(meta={"csrf": False})
        form.validate()
        field = _call(app, "field", "{{ field(form.note) }}", form=form)

    assert 'value="&lt;b&gt;quá dài"' in field
    assert "(không bắt buộc)" in field


def test_the_error_summary_leads_to_each_field(app: Flask) -> None:
    with app.test_request_context(method="POST", data={"note": "quá dài"}):
        form = Visit(meta={"csrf": False})
        form.validate()
        summary = _call(app, "error_summary", "{{ error_summary(form) }}", form=form)

    assert re.findall(r'href="#([^"]+)">([^<]+)<', summary) == [
        ("name", "Họ và tên: Mục này chưa được điền."),
        ("note", "Ghi chú: Nội dung không được dài quá 5 ký tự."),
        ("part-0", "Buổi: Mục này chưa được điền."),
    ]


def test_the_error_summary_is_silent_when_nothing_is_wrong(app: Flask) -> None:
    with app.test_request_context():
        form = Visit(formdata=None, meta={"csrf": False})
        assert _call(app, "error_summary", "{{ error_summary(form) }}", form=form).strip() == ""


def test_a_plain_field_escapes_what_it_is_given(app: Flask) -> None:
    with app.test_request_context():
        field = _call(
            app,
            "field",
            """{{ field('q', 'Tên', value='"><script>', hint='<i>', placeholder='"x') }}""",
        )

    assert "<script>" not in field
    assert "<i>" not in field
    assert 'placeholder="&#34;x"' in field


def test_a_chart_says_its_figures_in_words_and_in_a_table(app: Flask) -> None:
    call = "{{ chart('Lượt', rows, unit='Lượt', label_header='Đơn vị', id='c') }}"
    with app.test_request_context():
        chart = _call(app, "chart", call, rows=[("Thư viện tỉnh", 1127), ("Trường A & B", 0)])

    assert re.findall(r'width="([\d.]+)%" height="16"', chart) == ["84.0", "0.0"]
    assert '<title id="c-title">Lượt</title>' in chart
    assert '<td class="number" data-label="Lượt">1.127</td>' in chart
    assert "Trường A &amp; B" in chart


def test_a_chart_of_nothing_is_still_a_chart(app: Flask) -> None:
    call = "{{ chart('Lượt', [], unit='Lượt', label_header='Ngày', kind=kind, id='c') }}"
    with app.test_request_context():
        assert "<svg" in _call(app, "chart", call, kind="bars")
        assert "<svg" in _call(app, "chart", call, kind="columns")


def test_a_destructive_step_says_what_it_does_and_carries_the_token(app: Flask) -> None:
    call = "{{ confirm('Hủy', '/desk/x', '38 người sẽ nhận thư.') }}"
    with app.test_request_context():
        step = _call(app, "confirm", call)

    assert 'action="/desk/x" method="post"' in step
    assert 'name="csrf_token"' in step
    assert "38 người sẽ nhận thư." in step


def _render(app: Flask, template: str, **values: object) -> str:
    return app.jinja_env.get_template(template).render(
        **{**app.jinja_env.globals, **_context(app), **values}
    )


def _call(app: Flask, name: str, call: str, **values: object) -> str:
    source = f'{{% from "components/{name}.html" import {name} %}}{call}'
    template = app.jinja_env.overlay(autoescape=True).from_string(source)
    return template.render(**values)


def _context(app: Flask) -> dict[str, object]:
    context: dict[str, object] = {}
    app.update_template_context(context)
    return context
