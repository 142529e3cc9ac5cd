"""A text typed without any diacritics: its common words are given theirs to be understood."""

import re
import unicodedata

_WORDS = """
cộng hòa xã hội chủ nghĩa việt nam/độc lập/tự do/hạnh phúc/kính gửi/nơi nhận/kế hoạch/công văn
hướng dẫn/thông báo/tuần lễ/tuần/hưởng ứng/học tập suốt đời/học tập/suốt đời/phong trào/thi đua
xây dựng/xã hội học tập/xã hội/khuyến học/ủy ban nhân dân/nhân dân/tỉnh/thành phố/huyện/quận
thị xã/phường/xã/sở/phòng/trường/trung tâm/thư viện/văn phòng/giáo dục và đào tạo
giáo dục thường xuyên/giáo dục/đào tạo/khoa học và công nghệ/văn hóa, thể thao và du lịch
văn hóa - xã hội/văn hóa/thể thao/du lịch/nội vụ/tài chính/kế toán/công đoàn/đoàn thanh niên
thanh niên/hội phụ nữ/hội cựu chiến binh/hội nông dân/hội/đoàn/ban giám hiệu/ban giám đốc
ban chỉ đạo/ban tổ chức/tổ chuyên môn/giáo vụ/hành chính/hiệu trưởng/phó hiệu trưởng/giám đốc
phó giám đốc/chủ tịch/phó chủ tịch/trưởng phòng/phó trưởng phòng/giáo viên chủ nhiệm/giáo viên
học sinh/học viên/sinh viên/cán bộ/công chức/viên chức/người lao động/người lớn tuổi/người dân
người cao tuổi/đoàn viên/hội viên/phụ huynh/các đơn vị/đơn vị/các trường/trường học
trung học cơ sở/trung học phổ thông/tiểu học/mầm non/tổ dân phố/khu phố/các/cơ quan/đoàn thể
địa phương/báo/đài phát thanh/căn cứ/thực hiện/theo đề nghị/xét đề nghị/ban hành/như sau/về việc
của/quyết định/thủ tướng chính phủ/chính phủ/mục đích/yêu cầu/mục tiêu/chủ đề/thời gian/địa điểm
nội dung/hình thức/thành phần/đối tượng/kinh phí/tổ chức thực hiện/tổ chức/phân công/nhiệm vụ
trách nhiệm/các hoạt động/hoạt động/chương trình/giải pháp/công việc/ghi chú/khai mạc/bế mạc
lễ phát động/lễ/phát động/băng rôn/khẩu hiệu/áp phích/treo/cổng/trụ sở/tuyên truyền/đăng/viết
tin, bài/bài viết/trang thông tin điện tử/cổng thông tin điện tử/triển lãm/trưng bày/giới thiệu
sách/đọc sách/tủ sách/cuộc thi/hội thi/thi/tọa đàm/hội thảo/nói chuyện/chuyên đề/diễn đàn
tập huấn/bồi dưỡng/mở lớp/mở các lớp/mở/lớp/khóa học/kỹ năng số/kỹ năng/tin học/ngoại ngữ
tiếng anh/miễn phí/học bổng/trao/tặng/quà/quyên góp/ủng hộ/tổng kết/trao giải/khen thưởng
biểu dương/chủ trì/phối hợp/với/tham mưu/triển khai/đôn đốc/kiểm tra/giám sát/tổng hợp/báo cáo
kết quả/gửi/nộp/về/trước/chậm nhất/chuẩn bị/bố trí/vận động/tham gia/chỉ đạo/theo dõi/đảm bảo
bảo đảm/hoàn thành/trực tiếp/trực tuyến/kết hợp/từ ngày/đến ngày/đến hết/từ/đến/ngày/tháng/năm
giờ/phút/sáng/chiều/tối/tại/hội trường/sân trường/nhà văn hóa/toàn thể/thứ hai/thứ ba/thứ tư
thứ năm/thứ sáu/thứ bảy/chủ nhật/hằng năm/và/để/cho/lưu/tổ/trên địa bàn/nhà trường/cả tuần
"""
_NEVER_A_NAME = {"năm", "để", "cho", "về", "từ", "tại", "tháng", "quà", "tối", "và", "với", "của"}
"""In capitals these are names of places or persons and stay as they are."""
_NUMBER = re.compile(r"\b(s)o(?=\s*:|\s+\d)", re.IGNORECASE)
_FEW = 0.01
_LONG = 200
_LETTERS = str.maketrans({"đ": "d", "Đ": "D"})


def _bare(text: str) -> str:
    parts = unicodedata.normalize("NFD", text.translate(_LETTERS))
    return "".join(part for part in parts if not unicodedata.combining(part))


_MARKED = {_bare(phrase): phrase for phrase in re.split(r"[/\n]", _WORDS.strip())}
_KNOWN = re.compile(
    r"(?<![\w/&-])(?:"
    + "|".join(map(re.escape, sorted(_MARKED, key=len, reverse=True)))
    + r")(?![\w/&-])",
    re.IGNORECASE,
)


def is_plain(text: str) -> bool:
    """Whether a Vietnamese text has no diacritics: few strange letters, many known words."""
    strange = sum(1 for letter in text if letter.isalpha() and not letter.isascii())
    if len(text) < _LONG or strange > _FEW * len(text):
        return False
    known = sum(len(match.group()) for match in _KNOWN.finditer(text))
    return known > len(text) / 4


def marked(text: str) -> str:
    """The text with the diacritics of the words that every plan has; its length stays."""
    text = _NUMBER.sub(r"\1ố", text)
    return _KNOWN.sub(lambda match: _like(match.group(), _MARKED[match.group().lower()]), text)


def _like(written: str, right: str) -> str:
    """The right word, in capitals where it was written so."""
    if right in _NEVER_A_NAME and written.istitle():
        return written
    pairs = zip(written, right, strict=True)
    return "".join(new.upper() if old.isupper() else new for old, new in pairs)
