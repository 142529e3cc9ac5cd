"""A plan with every name and number in it replaced at random, in its words and in what it says."""

import io
import re
import zipfile
from collections import defaultdict
from datetime import date
from random import Random
from typing import Any, Literal
from unicodedata import is_normalized, normalize

PROVINCES = ["Cao Bằng", "Điện Biên", "Lai Châu", "Sơn La", "Lạng Sơn", "Thanh Hóa", "Hà Tĩnh"]
"""Those that no other was ever merged with: a stranger among them stays a stranger."""
CITIES = ["Hà Nội", "Hải Phòng", "Đà Nẵng", "Cần Thơ"]
_CITIES = {"Huế", "Hồ Chí Minh"}
PLACES = ["Phú Kiều", "Bản Luốc", "Kỳ Vĩ", "Ea Súp", "Đông Quý", "Cổ Nhuế", "Ia Le", "Mù Sang"]
PERSONS = ["Tô Văn Bách", "Mai Thị Quỳ", "Hà Ngọc Lĩnh", "Ksor H Nhi", "Thạch Đa Ra", "Vũ Ân Thục"]

_SPELT = re.compile(
    r"(?P<day>(?<![\d/])\d{1,2})(?P<to>[/-]|\.(?=\d{1,2}\.\d{4}))(?P<month>\d{1,2})"
    r"(?=[/.-]\d{4}|(?![\w/-]))"
    r"|(?P<alone>(?<![\d/–-])(?<!giờ )\d{1,2})"
    r"(?=\s*(?:[-–]|đến|và|,)\s*(?:hết )?(?:ngày )?\d{1,2}(?:/\d{1,2}\b| tháng \d))"
    r"|(?:(?<=ng[àa]y )|(?<=[đd][ếe]n ))(?P<star>\*?)(?P<said>\d{1,2})(?P<end>\*?)"
    r"(?P<word> th[áa]ng )(?P<named>\d{1,2})"
    r"|(?<=th[áa]ng )(?P<only>\d{1,2})"
)
_FOLLOWING = re.compile(r"\d{1,2}(?:/| th[áa]ng )(\d{1,2})")
_YEAR = re.compile(
    r"(?<![\d/.])(?:(?<=\d/)|(?<!\d))20[0-4]\d(?![\d]|/[A-ZĐ])"
    r"|(?:(?<=[/-])|(?<=\d\.))20[0-4]\d\b"
)
_NUMBER = re.compile(
    r"(?<=s[ốo] )\d{2,4}(?=/)|(?:(?<=S[ốo]: )|(?<=Số ))\d{1,4}(?=\s*(?:/|[A-ZĐ]{2}))"
    r"|(?:(?<=Số: \*)|(?<=Số:  \*))\d{2,4}(?=\*)"
)
_ISO = re.compile(r"\d{4}-\d\d-\d\d")


class Changes:
    """One way of replacing, the same wherever the same thing stands."""

    def __init__(self, text: str, names: dict[str, list[str]], random: Random) -> None:
        self._random = random
        self._names = self._renamed(names)
        self._numbers: dict[str, str] = {}
        self.years = random.randint(-3, 2)
        days = self._days_of(text)
        self.months = random.choice([by for by in (-1, 0, 1) if self._fits(days, by)])
        self._days = {month: self._shift(found) for month, found in days.items()}

    def text(self, text: str) -> str:
        """The text with everything replaced."""
        if self._names:
            known = sorted(self._names, key=len, reverse=True)
            text = re.sub("|".join(map(re.escape, known)), lambda m: self._names[m[0]], text)
        text = _NUMBER.sub(lambda m: self.number(m[0]), text)
        text = _SPELT.sub(lambda m: self._spelt(m, text), text)
        return _YEAR.sub(lambda m: str(int(m[0]) + self.years), text)

    def number(self, number: str) -> str:
        """Another number of as many digits."""
        if number not in self._numbers:
            low = 10 ** (len(number) - 1)
            self._numbers[number] = str(self._random.randrange(low, 10 * low))
        return self._numbers[number]

    def result(self, value: Any, name: str = "") -> Any:
        """What is understood of the text, replaced in the same way."""
        if isinstance(value, dict):
            return {key: self.result(part, key) for key, part in value.items()}
        if isinstance(value, list):
            return [self.result(part, name) for part in value]
        if not isinstance(value, str):
            return value
        if _ISO.fullmatch(value):
            return self._moved(date.fromisoformat(value)).isoformat()
        return self.number(value) if name == "number" else self.text(value)

    def file(self, raw: bytes) -> bytes:
        """A file of text or of Word with everything replaced."""
        if not raw.startswith(b"PK"):
            text = raw.decode()
            form: Literal["NFC", "NFD"] = "NFC" if is_normalized("NFC", text) else "NFD"
            return normalize(form, self.text(normalize("NFC", text))).encode()
        target = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(target, "w") as new:
            for part in old.namelist():
                content = old.read(part)
                if part == "word/document.xml":
                    said = content.decode()
                    content = re.sub(
                        r"(?<=>)[^<>]+(?=</w:t>)", lambda m: self.text(m[0]), said
                    ).encode()
                new.writestr(part, content)
        return target.getvalue()

    def _renamed(self, names: dict[str, list[str]]) -> dict[str, str]:
        new: dict[str, str] = {}
        taken = {name for found in names.values() for name in found}
        pools = {"province": PROVINCES, "city": CITIES, "place": PLACES, "person": PERSONS}
        for kind, found in names.items():
            for name in found:
                pool = pools["city" if name in _CITIES else kind]
                other = self._random.choice([one for one in pool if one not in taken])
                taken.add(other)
                new[name], new[name.upper()] = other, other.upper()
        return new

    def _days_of(self, text: str) -> dict[int, set[int]]:
        found: dict[int, set[int]] = defaultdict(set)
        for match in _SPELT.finditer(text):
            day, month = _day_and_month(match, text)
            found[month].add(day or 15)
        return found

    @staticmethod
    def _fits(days: dict[int, set[int]], by: int) -> bool:
        return all(
            1 <= month + by <= 12 and not (month + by == 2 and max(found) > 28)
            for month, found in days.items()
        )

    def _shift(self, days: set[int]) -> int:
        return self._random.randint(1 - min(days), max(0, 28 - max(days)))

    def _spelt(self, match: re.Match[str], text: str) -> str:
        day, month = _day_and_month(match, text)
        shift = self._days.get(month, 0)
        if match["only"]:
            return _like(match["only"], month + self.months)
        if match["alone"]:
            return _like(match["alone"], day + shift)
        if match["said"]:
            said = _like(match["said"], day + shift)
            named = _like(match["named"], month + self.months)
            return f"{match['star']}{said}{match['end']}{match['word']}{named}"
        moved = _like(match["day"], day + shift)
        return f"{moved}{match['to']}{_like(match['month'], month + self.months)}"

    def _moved(self, day: date) -> date:
        if (day.month, day.day) in {(1, 1), (12, 31)}:  # a span of whole years
            return day.replace(year=day.year + self.years)
        shift = self._days.get(day.month, 0)
        return date(day.year + self.years, day.month + self.months, day.day + shift)


def _day_and_month(match: re.Match[str], text: str) -> tuple[int, int]:
    if match["only"]:
        return 0, int(match["only"])
    if match["alone"]:
        following = _FOLLOWING.search(text, match.end())
        return int(match["alone"]), int(following[1]) if following else 0
    return int(match["said"] or match["day"]), int(match["named"] or match["month"])


def _like(old: str, number: int) -> str:
    return f"{number:02}" if len(old) == 2 else str(number)
