"""The plan as DOCX at the desk: who takes it, and where its texts are written."""

import zipfile
from io import BytesIO

from accounts.models import Role
from tests.factories import a_plan, an_account, signed_in


def test_the_document_is_taken_at_the_desk_by_whoever_may_see_the_plan(client, given) -> None:
    plan = given(a_plan())
    signed_in(client, given(an_account((Role.OBSERVER, plan.unit))))

    answer = client.get(f"/desk/plans/{plan.id}/document.docx")

    assert answer.mimetype.endswith("wordprocessingml.document")
    assert "ke-hoach-2027" in answer.headers["Content-Disposition"]
    assert zipfile.ZipFile(BytesIO(answer.data)).testzip() is None
    assert (
        f'href="/desk/plans/{plan.id}/document.docx"' in client.get(f"/desk/plans/{plan.id}").text
    )


def test_what_the_document_says_is_written_at_the_desk(client, given, stored) -> None:
    plan = given(a_plan())
    signed_in(client, given(an_account((Role.ORGANISER, plan.unit))))
    passages = {
        "purpose": "Một\r\nHai", "requirements": "Ba", "recipients": "Sở",
        "signing": "KT. GIÁM ĐỐC", "signer": "Lê Văn C",
    }  # fmt: skip

    client.post(f"/desk/plans/{plan.id}", data={"title": "Kế hoạch", **passages})

    (kept,) = stored(type(plan))
    assert {name: getattr(kept, name) for name in passages} == passages | {"purpose": "Một\nHai"}
