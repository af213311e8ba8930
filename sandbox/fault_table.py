"""The one table of what can go wrong here: the control API and the page are both made from it.

Orders (`ORDERS`) hit the next sends and count down; modes (`MODES`) stay until they are switched
back. Standings belong to one person, states to one template. The first value of each is the normal
one. Codes and behaviours: zalo-contract 1 to 6, delivery-rules 4 and 10.
"""

from collections.abc import Mapping
from dataclasses import dataclass

ERROR, DELAY, DROP, NONE = "error", "delay", "drop", "none"
RESET, HTTP, GARBAGE, EMPTY = "reset", "http", "garbage", "empty"
NO_ERROR, QUOTED, DRIP = "no_error", "quoted", "drip"
PERSON, TEMPLATE = "person", "template"
ADMIN = "admin"

# What an order does. Those that say "Nhận" accept the message: its receipt leaves.
ORDERS: Mapping[str, str] = {
    ERROR: "Từ chối bằng mã lỗi",
    DELAY: "Nhận, trả lời chậm",
    DROP: "Nhận rồi cắt kết nối",
    RESET: "Cắt kết nối trước khi nhận",
    HTTP: "Cổng trả lỗi HTTP, không nhận",
    GARBAGE: "Nhận, trả lời không đọc được",
    EMPTY: "Nhận, trả lời rỗng",
    NO_ERROR: "Nhận, trả lời thiếu trường error",
    QUOTED: "Nhận, mã lỗi nằm trong ngoặc kép",
    DRIP: "Nhận, trả lời nhỏ giọt",
}
STATUSES = (408, 429, 500, 502, 503, 504)

# Codes that the page offers; the control API takes any.
CODES: Mapping[int, str] = {
    -118: "không có tài khoản Zalo",
    -124: "mã truy cập hỏng (gửi theo số)",
    -216: "mã truy cập hỏng (gửi theo tài khoản)",
    -220: "mã truy cập hết hạn",
    -133: "ban đêm không được gửi",
    -144: "hết hạn mức ngày",
    -147: "hết hạn mức mẫu",
    -115: "hết tiền hoặc hạn mức",
    -211: "kênh hết hạn mức tin",
    -218: "người nhận hết hạn mức",
    -32: "gọi quá nhanh",
    -100: "lỗi tạm thời",
    -200: "gửi không thành",
    -119: "tài khoản không nhận được",
    -131: "mẫu chưa được duyệt",
    -146: "mẫu bị khóa vì chất lượng thấp",
    -135: "kênh không được gửi",
    -139: "người nhận từ chối loại tin này",
    -213: "không quan tâm kênh",
    -227: "không dùng Zalo quá 45 ngày",
    -230: "quá 7 ngày không tương tác",
    -249: "mẫu không gửi được theo tài khoản",
}


@dataclass(frozen=True, slots=True)
class Mode:
    """Something that stays as it is set; `values` from value to words, the normal one first."""

    kind: str
    group: str
    words: str
    values: Mapping[str, str]

    @property
    def normal(self) -> str:
        """The value without a fault."""
        return next(iter(self.values))


LIMITS, TOKENS, EVENTS, SERVICE = "Hạn mức và giờ", "Mã truy cập", "Webhook", "Dịch vụ"
_ROWS = (
    Mode("night", LIMITS, "Ban đêm (-133, -234)", {
        "off": "không chặn", "clock": "chặn từ 22:00 đến 06:00", "now": "coi như đang đêm",
    }),
    Mode("quota", LIMITS, "Hạn mức mẫu theo số trong ngày", {"full": "còn", "empty": "hết (-144)"}),
    Mode("oa_quota", LIMITS, "Hạn mức tin của kênh", {"full": "còn", "empty": "hết (-211)"}),
    Mode("rate", LIMITS, "Số lần gọi mỗi phút", {"normal": "còn", "reached": "hết (-32)"}),
    Mode("access", TOKENS, "Mã truy cập đang dùng", {
        "normal": "nhận", "refused": "không nhận (-124, -216)", "expired": "hết hạn (-124, -220)",
    }),
    Mode("refresh", TOKENS, "Xin mã mới", {
        "normal": "cấp", "without_refresh": "cấp, không kèm mã làm mới",
        "empty": "trả lời rỗng", "invalid": "từ chối -14014",
        "quoted": "từ chối “-14014” kèm mã rỗng", "down": "cổng lỗi 502",
        "lost": "cấp rồi cắt kết nối",
    }),
    Mode("spent", TOKENS, "Mã làm mới đã dùng", {
        "error": "-14014", "quoted": "“-14014” trong ngoặc kép", "empty": "trả lời rỗng",
    }),
    Mode("expires_in", TOKENS, "Thời hạn ghi bằng", {
        "string": "chuỗi “90000”", "int": "số 90000", "garbage": "chữ vô nghĩa",
    }),
    Mode("pkce", TOKENS, "PKCE", {"request": "theo từng lần xin", "fixed": "cặp cố định"}),
    Mode("proof", TOKENS, "appsecret_proof", {"off": "không đòi", "required": "đòi (-242, -1241)"}),
    Mode("app", TOKENS, "Ứng dụng", {"active": "hoạt động", "inactive": "chưa duyệt (-209, -103)"}),
    Mode("receipt", EVENTS, "Báo đã nhận", {
        "after": "sau câu trả lời", "before": "trước câu trả lời", "none": "không báo",
    }),
    Mode("copies", EVENTS, "Gửi mỗi webhook", {"1": "một lần", "2": "hai lần", "5": "năm lần"}),
    Mode("order", EVENTS, "Thứ tự webhook", {"normal": "như xảy ra", "reversed": "đảo ngược"}),
    Mode("late", EVENTS, "Webhook đến", {
        "0": "ngay", "5": "chậm 5 giây", "60": "chậm 1 phút", "3600": "chậm 1 giờ",
    }),
    Mode("signature", EVENTS, "Chữ ký webhook", {"right": "đúng", "wrong": "sai"}),
    Mode("echo", EVENTS, "Báo lại tin của kênh", {"off": "không", "on": "có (oa_send_…)"}),
    Mode("give_up", EVENTS, "Sau lần gửi lại cuối", {"go_on": "vẫn gửi tin sau", "off": "tắt"}),
    Mode("webhook", EVENTS, "Webhook", {"on": "bật", "off": "tắt"}),
    Mode("legacy", SERVICE, "Tin giao dịch, quảng bá cũ", {
        "off": "đã ngừng (-240)", "on": "còn nhận",
    }),
    Mode("article", SERVICE, "Bài viết mới", {"ready": "xong ngay", "processing": "chờ (-214)"}),
    Mode("phones", SERVICE, "Số điện thoại", {"84": "chỉ dạng 84…", "any": "nhận cả dạng 0…"}),
)  # fmt: skip
MODES: Mapping[str, Mode] = {mode.kind: mode for mode in _ROWS}


@dataclass(frozen=True, slots=True)
class Standing:
    """How one person stands: the codes of a send by phone and by user id (0: accepted)."""

    words: str
    by_phone: int = 0
    by_user_id: int = 0


STANDINGS: Mapping[str, Standing] = {
    "normal": Standing("bình thường"),
    ADMIN: Standing("quản trị kênh, nhận cả tin thử"),
    "offline": Standing("không dùng Zalo quá 45 ngày", -114, -227),
    "banned": Standing("tài khoản bị khóa", -119, -222),
    "old_app": Standing("ứng dụng quá cũ", -110),
    "refuses_content": Standing("từ chối loại tin này", -139, -244),
    "refuses_account": Standing("từ chối kênh", -141, -217),
    "full": Standing("đã nhận đủ tin", -1471, -218),
}

ENABLE, PENDING, REJECT, DISABLE = "ENABLE", "PENDING_REVIEW", "REJECT", "DISABLE"
DELETE, PHONE_ONLY, QUOTA_OUT = "DELETE", "PHONE_ONLY", "QUOTA_OUT"
TEMPLATE_STATES: Mapping[str, str] = {
    ENABLE: "dùng được",
    PENDING: "đang duyệt (-131)",
    REJECT: "bị từ chối duyệt (-131)",
    DISABLE: "bị khóa, chất lượng thấp (-146)",
    DELETE: "đã xóa (-109)",
    PHONE_ONLY: "chỉ gửi được theo số (-249)",
    QUOTA_OUT: "hết hạn mức ngày (-147)",
}
