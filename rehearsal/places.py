"""The tree of units of a made-up week, and the halls that they keep."""

from sqlalchemy.orm import Session as DatabaseSession

from accounts.models import Unit, UnitKind
from events.models import Venue


def halls(units: list[Unit]) -> list[tuple[Venue, Venue]]:
    """Two for each unit, a large one and a small one."""
    return [
        (
            Venue(
                unit=unit, name=f"Hội trường {unit.short_name}",
                address=f"Số {1 + number}, đường Diễn Tập", capacity=500,
            ),
            Venue(
                unit=unit, name=f"Phòng đọc {unit.short_name}",
                address=f"Số {1 + number}, đường Diễn Tập, tầng 2", capacity=200,
            ),
        )
        for number, unit in enumerate(units)
    ]  # fmt: skip


def units(database: DatabaseSession, number: int) -> list[Unit]:
    """A root, departments below it, and divisions below those; ids known level by level."""
    root = Unit(
        code="dien-tap",
        name="Ủy ban nhân dân tỉnh Diễn Tập",
        short_name="UBND tỉnh Diễn Tập",
        kind=UnitKind.PROVINCE,
        place="Diễn Tập",
        symbol="UBND",
        head_title="CHỦ TỊCH",
    )
    made = [root]
    for position in range(1, number):
        parent = made[(position - 1) // 8]
        made.append(
            Unit(
                code=f"don-vi-{position:03}",
                name=f"Đơn vị diễn tập số {position}",
                short_name=f"Đơn vị {position}",
                kind=UnitKind.DEPARTMENT if parent is root else UnitKind.DIVISION,
                place="Diễn Tập",
                symbol=f"DV{position}",
                head_title="GIÁM ĐỐC",
                headcount=20 + position % 180,
                parent=parent,
                reports_to=parent,
                position=position,
            )
        )
    database.add_all(made)
    database.flush()
    for unit in made:
        unit.path = f"{unit.parent.path if unit.parent else '/'}{unit.id}/"
    database.flush()
    return made
