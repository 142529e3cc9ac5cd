"""Names of units in running text: where one begins, where a list of them parts."""

import re

_NAMES = (
    r"Văn thư|Thư ký|Chi nhánh|Xí nghiệp|Nhà máy|Phân xưởng|Tổng công ty|Tập đoàn|Điện lực"
    r"|Lực lượng|Điểm trường|PGD\w*|SGD\w*|BGH|GVCN|Bộ|Sở|Ban(?! hành(?! chính))|Phòng"
    r"|Ủy ban|Uỷ ban|Uỷ Ban"
    r"|Ủy Ban|UBND|UBMTTQ"
    r"|MTTQ|HĐND|Hội đồng"
    r"|Hội(?! (?:trường|nghị|thảo|thi))"
    r"|Đoàn(?! thể)|Liên đoàn|Liên hiệp|Liên minh|Công đoàn|Công an|Công ty|Trường|Nhà trường"
    r"|Trung tâm|TTHTCĐ|TT|Thư viện|Bảo tàng|Báo(?! cáo)|Đài|Tạp chí|Cổng|Đại học|Học viện|Viện"
    r"|Văn phòng|Chi cục|Cục|Vụ|Tổng cục|Chi bộ|Chi đoàn|Chi hội|Chi ủy|Đảng ủy|Đảng bộ|Tỉnh ủy"
    r"|Thành ủy|Huyện ủy|Tỉnh đoàn|Thành đoàn|Huyện đoàn|Xã đoàn|Mặt trận|Tổ(?! (?:chức|quốc))"
    r"|Khoa(?! học)|Bộ môn|Bộ phận|Nhà (?:văn hóa|văn hoá|Văn hóa|Văn hoá|thiếu nhi|Thiếu nhi)"
    r"|Trạm|Hiệu trưởng|Giám đốc|Giáo viên|Nhân viên|Cán bộ|Thủ trưởng|Trưởng|Chánh|Lãnh đạo"
    r"|Tổng phụ trách|Doanh nghiệp|Ngân hàng|Kho bạc|Bưu điện|Bưu chính|Quỹ|Câu lạc bộ|CLB|Thôn"
    r"|Bệnh viện|Cơ quan|Đơn vị|Cơ sở|Đồng chí|Ông|Bà|Đội|Liên đội|Cụm|Chính quyền|Tòa án|Toà án"
    r"|Hợp tác xã|Chủ tịch|Phó|Thường trực|Bí thư|Quân đội|Bộ đội|Học sinh|Phụ huynh|Thủ thư"
    r"|Phân hiệu|Đồn|Hạt|Ấp|Khóm|Khu phố|Bản(?! (?:tin|đồ|thân|ghi|sắc))"
    r"|Liên chi|Siêu thị|Nhà (?:sách|hát)|Rạp"
    r"|(?!(?:BC|CĐ|CT|CV|HD|KH|NĐ|NQ|QĐ|TB|TT)\b)[BCDĐGHKLMNPQRSTVX]{2,8}"
    r"|Xã(?! hội)|Phường|Huyện|Thị xã|Đặc khu|Kế toán|Tiểu ban|Nhóm|Lớp|Khối|Xưởng|Nhà xuất bản"
)
_LOWER = (
    r"sở|ban|ngành|chi, đảng bộ|chi ủy|đảng bộ|đảng ủy"
    r"|phòng|đội|liên đội|chi nhánh|xí nghiệp|phân xưởng|điểm trường|lực lượng"
    r"|đơn vị|cơ quan|trường|tổ chức|huyện|quận|xã|phường|địa phương"
    r"|đoàn thể|cơ sở"
    r"|thư viện|trung tâm|lớp|tổ|khoa|chi đoàn|chi hội|chi bộ|thôn|cấp|hội|đồng chí|thành viên"
    r"|cá nhân"
    r"|doanh nghiệp|bộ phận|bộ|cụm|khối|đại học|học viện|viện|cán bộ|giáo viên|ông|thủ trưởng"
    r"|trưởng"
    r"|phó|câu lạc bộ|bảo tàng|nhà|báo|đài|công đoàn|tiểu ban|nhóm|hiệu trưởng|giám đốc|chủ tịch"
    r"|công chức|viên chức|công dân|bản|ấp|khu|tổ dân phố|dòng họ|gia đình|công an|trạm|ủy ban"
    r"|uỷ ban"
    r"|mặt trận|nhân viên|đoàn|học sinh|sinh viên|phân hiệu|văn phòng|cha mẹ|thị xã|thành phố"
    r"|đặc khu"
)
_GROUP = re.compile(
    rf"(?:các|những|mọi|toàn thể|mỗi|từng|tất cả(?: các)?)\s+(?:{_LOWER})\b", re.IGNORECASE
)
_ANY_HEAD = re.compile(rf"(?:{_LOWER})\b", re.IGNORECASE)
_NAME = re.compile(rf"(?:{_NAMES})(?=[\s,;:.)]|$)")
_SMALL = re.compile(
    r"(?:công an|trạm y tế|trường|trung tâm|thư viện|phòng|chi đoàn|chi hội|đoàn thanh niên|hội"
    r"|ban|công đoàn|văn phòng|nhà trường|giáo viên|cha mẹ học sinh|sở|tổ|đài|đơn vị)\s+\w",
)
_BREAK = re.compile(r"\s*[,;]\s+(?:và\s+|cùng\s+)?|\s+và\s+|\s+cùng(?:\s+với)?\s+|\s*;\s*")
_COUNCIL = re.compile(r"(?:HĐND|Hội đồng nhân dân|ĐBQH|Quốc hội)$")
_LEADING = re.compile(
    r"^(?:riêng\s+)?(?:(?:(?:kính |trân trọng )?đề nghị|giao(?: cho)?|yêu cầu|phân công"
    r"|trách nhiệm của|đối với|nhiệm vụ của|đồng chí|riêng)\s+)",
    re.IGNORECASE,
)
_ADVERBIAL = re.compile(
    r"^(?:Kết thúc|Sau khi|Sau|Trước|Trong|Căn cứ|Trên cơ sở|Hằng|Hàng|Khi|Để"
    r"|Định kỳ)\b[^.;:]{0,160}?"
    r"(?:,\s+(?=[A-ZĐỦỤÁÂĂÔƠƯ]|các\b|đề nghị\b|giao\b|yêu cầu\b)|\s(?=(?:đề nghị|yêu cầu"
    r"|giao)\s+(?:các|trưởng|[A-ZĐỦỤ])))"
)
_PERSON = re.compile(
    r"(?P<who>(?:Công chức|Viên chức|Chuyên viên|Thủ quỹ|Đ/c|Cô|Thầy|GVCN|GV|BGH|Y tế"
    r"|Bảo vệ)\b[^:.;]{0,80}):"
    r"\s+(?P<what>\S.*)"
)
"""A person or a post before a colon: "Công chức Văn hóa: tham mưu …"."""
_HANDS_ON = re.compile(r"(?:giao(?: cho)?|đề nghị|yêu cầu|phân công)\s+")
_DUTY = re.compile(r"^(?:có|chịu) trách nhiệm\s+(?=\S)(?!chung|trước|về|chính)|^có nhiệm vụ\s+")
VERBS = (
    r"chủ trì|phối hợp|có trách nhiệm|chịu trách nhiệm|có nhiệm vụ|tham mưu|xây dựng"
    r"|triển khai|chỉ đạo"
    r"|hướng dẫn(?! viên)|căn cứ|chủ động|thực hiện|tuyên truyền|tăng cường|đẩy mạnh|tiếp tục"
    r"|kiểm tra"
    r"|đôn đốc|theo dõi|giám sát|tổng hợp|báo cáo(?! viên)|vận động|huy động|bố trí|cân đối"
    r"|đảm bảo|bảo đảm"
    r"|phát động|đăng tải|đăng(?! ký)|đưa tin|cử|quán triệt|phổ biến|treo|sưu tầm|cập nhật|cung cấp"
    r"|khai thác"
    r"|khuyến khích|tạo điều kiện|lồng ghép|ban hành|biên soạn|chuẩn bị|phân công|là|đề xuất"
    r"|thẩm định"
    r"|hỗ trợ|rà soát|gửi|nộp|lập|mở|kịp thời|thường xuyên|tích cực|nghiêm túc|quan tâm|viết"
    r"|làm|trực(?! thuộc)(?! tiếp)|trực tiếp"
    r"|dựa vào|nghiên cứu|phân bổ|cần|phải|hoàn thành|thông báo|mời|đề nghị|yêu cầu|giao"
    r"|lắp đặt|dàn dựng|biểu diễn|dọn dẹp|vẽ|soạn|kê|thu thập|phát(?! triển| hành| huy)|đặt|mua"
    r"|mượn|kết nối|đón"
    r"|điều động|sáng tác|giảng dạy|dạy|chia sẻ|hoàn thiện|thẩm tra|giải quyết|chi trả"
    r"|thanh toán|quyết toán|ký|bình xét|đề cử|phân loại|số hóa|số hoá|nhập|xuất bản|tìm"
    r"|dự trù|lưu trữ|ghi|giữ|đưa|tiếp nhận|quay|chụp|in"
    r"|giới thiệu|trưng bày|phát sóng|phát thanh|xét|duyệt|quản lý|phụ trách|đánh giá|khảo sát"
    r"|lựa chọn"
    r"|chọn|tiến hành|thống kê|trao|tặng|ra (?:đề|quân|thông báo|văn bản)|tham gia|tự (?:xây"
    r"|tổ|rà|đánh|lo)|giúp|hưởng ứng|đề ra|chấm|thành lập|lên kế hoạch"
    r"|trình|quy định|công bố|sắp xếp|vệ sinh|liên hệ|trang trí|đón tiếp|bảo vệ|đầu tư|tập hợp"
    r"|tập trung|rút kinh nghiệm|nhắc|điều phối|vận hành|phục vụ|nhận|sử dụng|kêu gọi|ghi hình"
    r"|tổ chức(?!\s+(?:đoàn|chính trị|xã hội|cá nhân|thành viên|cơ sở|tôn giáo|hội|đảng|công đoàn"
    r"|liên quan|và|nghề|kinh tế|trực thuộc|khác)|[,;])"
)
_VERB = re.compile(rf"(?<=\s)(?:{VERBS})\b")
_ADDRESSED = re.compile(
    r"(?:(?:các )?(?:đồng chí|đ/c|cô|thầy(?: cô)?|ông|bà|anh|chị))\s+(?=[A-ZĐÀ-Ỵ])", re.IGNORECASE
)
_BEGINS = re.compile(rf"(?:{VERBS}|dự|bình chọn|vinh danh|quyên góp|tuyên dương)\b", re.IGNORECASE)
_NOUN_BEFORE = re.compile(
    r"(?:các|những|mọi|[Bb]an|cơ quan|công tác|[Pp]hòng|đơn vị|và|,|[Bb]ộ phận|báo|[Tt]ổ)\s$"
)
_BARE_HEAD = re.compile(r"(?:Ban|Tổ|Đội|Nhóm|Đài|Trạm|Tiểu ban|Phòng|Bộ phận|Câu lạc bộ) ")
"""After these alone a verb is still part of the name: "Ban tổ chức", "Tổ tư vấn"."""
_PART_OF_NAME = re.compile(
    r"(?:công tác|cơ sở|hoạt động|\bdo|được|\b[Bb]an|[Kk]ế hoạch|[Vv]iệc|Báo và|\b[Dd]ự án"
    r"|[Xx]úc tiến) $"
)
"""After these a verb says what sort of thing is meant: "cơ sở cung cấp"."""
_COMPOUND = re.compile(
    r"(?:\b(?:[Cc]ông|[Dd]ân|[Tt]ư|[Đđ]ộc|[Tt]hành|[Ss]áng|[Bb]iên) lập"
    r"|\b(?:[Cc]ông (?:trình|nhận|ký)|(?:[Tt]hống|[Kk]iểm|[Ll]iệt) kê"
    r"|(?<!Điện )[Bb]iên soạn|[Tt]uyển chọn"
    r"|[Bb]ầu cử|[Xx]uất nhập|[Ll]ưu (?:ký|giữ|ghi)|[Đđ]ăng ký|[Dd]ự trù"
    r"|(?:[Nn]goại|[Cc]huyển|[Bb]àn) giao|(?:[Dd]ịch vụ|[Cc]ông ty) (?:in|quay|phát|tìm))"
    r"|[Tt]rợ giúp|[Vv]iệc làm|[Đđ]ầu tư xây dựng|[Dd]ự án đầu tư|[Bb]ảo hộ|[Pp]háp chế"
    r"|[Gg]iáo dục thường xuyên|[Đđ]ội (?:quản lý|tuyên truyền|kiểm tra|bảo vệ|vận hành))$"
)
"""Words of which a verb is the second half: "thống kê", "công lập"."""
_CONNECTOR = re.compile(
    r"(?:,|\s+(?:(?:cũng |sẽ )?được (?:giao|phân công|yêu cầu|đề nghị)(?: nhiệm vụ)?"
    r"|sẽ|vừa|được|đã|cùng|cũng|thì|nào|tự))\s*$"
)


def is_unit(phrase: str) -> bool:
    """Whether the phrase begins as the name of a unit or of a group of units."""
    return bool(_NAME.match(phrase) or _GROUP.match(phrase))


def is_units(phrase: str) -> bool:
    """Whether the phrase is nothing but one unit or a list of units."""
    phrase = re.sub(r"\s*\([^()]*\)$", "", phrase.strip(" .:;"))
    if not is_unit(phrase) or len(phrase.split()) > 60:
        return False
    return verb_after(phrase) is None


def without_request(text: str) -> str:
    """The text without the words that hand a duty over: "Đề nghị", "Giao", "Đối với"."""
    return _LEADING.sub("", text, count=1).strip()


def parted(phrase: str) -> list[str]:
    """Each unit of a list as it is written; "Sở Giáo dục và Đào tạo" stays whole."""
    phrase = phrase.strip(" .:;,")
    pieces, start = [], 0
    for match in _BREAK.finditer(phrase):
        piece, rest = phrase[start : match.start()], phrase[match.end() :]
        if _parts(piece, rest):
            pieces.append(piece.strip())
            start = match.end()
    pieces.append(phrase[start:].strip())
    return [piece for piece in pieces if piece]


def _parts(piece: str, rest: str) -> bool:
    """Whether a new unit begins after the piece."""
    if len(piece.split()) < 2 and piece not in {"UBND", "Đảng ủy", "HĐND"}:
        return False
    if _COUNCIL.search(piece) and rest.startswith(("UBND", "Ủy ban")):
        return False
    if is_unit(rest):
        return True
    return not _GROUP.match(piece) and bool(_SMALL.match(rest))


def verb_after(text: str) -> int | None:
    """Where the predicate of a sentence that begins with a unit starts."""
    name = _NAME.match(text)
    for match in _VERB.finditer(text[:600], name.end() if name else 0):
        before = text[: match.start()]
        if _BARE_HEAD.fullmatch(before):
            continue
        if match.group() == "tổ chức" and _NOUN_BEFORE.search(before):
            continue
        if _PART_OF_NAME.search(before) or _COMPOUND.search(before + match.group()):
            continue
        return match.start()
    return None


def is_person(phrase: str) -> bool:
    """Whether the phrase is a person with how one is addressed: "cô Máy", "đ/c Hoài"."""
    return bool(_ADDRESSED.match(phrase)) and len(phrase.split()) <= 12


def begins_with_verb(text: str) -> bool:
    """Whether a sentence tells somebody unnamed to do something: "Treo băng rôn …"."""
    return bool(_BEGINS.match(text))


def subject(text: str) -> tuple[str, str] | None:
    """Who is told to do something, and what: ("Văn phòng Sở", "tổng hợp …")."""
    text = _ADVERBIAL.sub("", text, count=1)
    asked = without_request(text)
    person = _PERSON.match(asked)
    if person and verb_after(person["who"]) is None:
        return person["who"], person["what"]
    hands_over = asked != text and not text.startswith(("phân công", "Phân công"))
    if not is_unit(asked) and not (hands_over and _ANY_HEAD.match(asked)):
        return None
    head, colon, rest = asked.partition(":")
    if colon and rest.strip() and len(head) <= 300 and verb_after(head) is None:
        return head.strip(), rest.strip()
    start = verb_after(asked)
    if start is None:
        return None
    who = _CONNECTOR.sub("", asked[:start].rstrip()).strip(" ,")
    what = asked[start:].strip()
    handed_on = _HANDS_ON.match(what)
    if handed_on and (told := subject(what[handed_on.end() :])):
        return told
    return (who, _DUTY.sub("", what)) if who else None
