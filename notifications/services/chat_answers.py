"""The words of the chat's answers: rows that administrators change, and what they say at first.

A name in braces is filled in when the answer is sent: `trang_thai` the sentence of the look-up
page, `nguoi` a masked name, `danh_sach` a list of dossiers, `ma_da_gui` the code that was sent,
`so_phut` minutes to wait, `vi_du` a sample code, `hotline`; `ma`, `thu_tuc`, `co_quan`, `can_bo`,
`han`, `link` of the dossier.
"""

from enum import StrEnum
from string import Formatter

from notifications.models import ChatAnswer
from notifications.models.chat import NAMES


class Key(StrEnum):
    """Which answer."""

    WELCOME = "welcome"
    LINKED = "linked"
    LINKED_ANEW = "linked-anew"
    STATE = "state"
    ASK_SECRET = "ask-secret"
    WRONG_PAIR = "wrong-pair"
    TOO_MANY = "too-many"
    MY_DOSSIERS = "my-dossiers"
    NO_DOSSIER = "no-dossier"
    ASK_LINK = "ask-link"
    STOPPED = "stopped"
    NEWS_STOPPED = "news-stopped"
    NOTHING_TO_STOP = "nothing-to-stop"
    NOT_UNDERSTOOD = "not-understood"
    OFFICER_LINKED = "officer-linked"
    OFFICER_CODE_OLD = "officer-code-old"
    OFFICER_STOP = "officer-stop"


_STATE = "{trang_thai}\nCán bộ: {can_bo}.\nHẹn trả: {han}.\n{link}"
_HOW_TO_LINK = "gửi mã hồ sơ và mã tra cứu ghi trên giấy tiếp nhận, ví dụ {vi_du} K7MQ"

# key -> (when it is given, its words at first)
DEFAULTS: dict[Key, tuple[str, str]] = {
    Key.WELCOME: (
        "Một người vừa quan tâm tài khoản",
        f"Một cửa Đồng Tháp chào Ông/Bà. Để nhận tin về hồ sơ qua Zalo này, xin {_HOW_TO_LINK}.",
    ),
    Key.LINKED: (
        "Mã hồ sơ và mã tra cứu đúng: Zalo được gắn với người nộp",
        "Zalo này đã được gắn với {nguoi}. Tin về hồ sơ sẽ đến đây; muốn ngừng, gõ: 5.\n" + _STATE,
    ),
    Key.LINKED_ANEW: (
        "Như trên, nhưng Zalo này trước đó gắn với người khác",
        "Zalo này nay được gắn với {nguoi}, thay cho người gắn trước đó. Tin về hồ sơ sẽ đến đây; "
        "muốn ngừng, gõ: 5.\n" + _STATE,
    ),
    Key.STATE: ("Hỏi một hồ sơ của mình bằng mã", _STATE),
    Key.ASK_SECRET: (
        "Mã hồ sơ gửi một mình, từ Zalo chưa gắn hoặc về hồ sơ của người khác",
        "Xin gửi thêm mã tra cứu 4 ký tự ghi trên giấy tiếp nhận, hoặc 4 số cuối điện thoại đã "
        "đăng ký cho hồ sơ {ma_da_gui}.",
    ),
    Key.WRONG_PAIR: (
        "Mã hồ sơ hoặc mã tra cứu sai",
        "Mã hồ sơ hoặc mã tra cứu chưa đúng. Xem lại hai dòng trên giấy tiếp nhận.",
    ),
    Key.TOO_MANY: (
        "Thử sai quá nhiều lần",
        "Ông/Bà đã thử nhiều lần. Xin thử lại sau {so_phut} phút hoặc gọi {hotline}.",
    ),
    Key.MY_DOSSIERS: (
        "Gõ 1: các hồ sơ chưa xong của mình",
        "Hồ sơ chưa xong của Ông/Bà:\n{danh_sach}",
    ),
    Key.NO_DOSSIER: (
        "Gõ 1, nhưng không có hồ sơ nào chưa xong",
        "Ông/Bà không có hồ sơ nào đang giải quyết. Xem hồ sơ cũ: gửi mã hồ sơ.",
    ),
    Key.ASK_LINK: (
        "Gõ 1, nhưng Zalo chưa gắn với ai",
        f"Zalo này chưa gắn với hồ sơ nào. Xin {_HOW_TO_LINK}.",
    ),
    Key.STOPPED: (
        "Gõ 5: ngừng nhận tin",
        "Đã ngừng gửi tin hồ sơ và tin chính sách qua Zalo cho {nguoi}. Cảnh báo thiên tai vẫn "
        "được gửi theo luật. Muốn nhận lại tin hồ sơ, xin gửi mã hồ sơ và mã tra cứu.",
    ),
    Key.NEWS_STOPPED: (
        "Gõ dừng tin: ngừng nhận tin chính sách",
        "Đã ngừng gửi tin chính sách cho {nguoi}. Tin về hồ sơ vẫn được gửi; muốn ngừng hết, "
        "gõ: 5.",
    ),
    Key.NOTHING_TO_STOP: (
        "Gõ 5 hoặc dừng tin, nhưng Zalo chưa gắn với ai",
        "Zalo này chưa gắn với hồ sơ nào, nên chưa biết ngừng tin của ai. Xin gửi mã hồ sơ và mã "
        "tra cứu rồi gõ lại, hoặc gọi {hotline}.",
    ),
    Key.NOT_UNDERSTOOD: (
        "Không hiểu tin nhắn; chỉ kể những việc làm được",
        "Tôi chưa hiểu. Gửi mã hồ sơ và mã tra cứu (ví dụ {vi_du} K7MQ), hoặc gõ: 1 Hồ sơ của "
        "tôi, 5 Dừng nhận tin. Cần gặp người, xin gọi {hotline}.",
    ),
    Key.OFFICER_LINKED: (
        "Mã dùng một lần của cán bộ đúng",
        "Zalo này đã được gắn với cán bộ {nguoi}. Tin công việc sẽ đến đây. Muốn gỡ, mở trang "
        "Tài khoản của tôi.",
    ),
    Key.OFFICER_CODE_OLD: (
        "Mã dùng một lần của cán bộ đã quá 10 phút",
        "Mã này đã hết hạn. Xin lấy mã mới ở trang Tài khoản của tôi.",
    ),
    Key.OFFICER_STOP: (
        "Cán bộ gõ 5 hoặc dừng tin",
        "Zalo này đang gắn với cán bộ {nguoi}. Muốn gỡ, mở trang Tài khoản của tôi.",
    ),
}


# Without these an answer would not answer.
_NEEDED: dict[Key, str] = {
    Key.LINKED: "link",
    Key.LINKED_ANEW: "link",
    Key.STATE: "link",
    Key.TOO_MANY: "so_phut",
    Key.MY_DOSSIERS: "danh_sach",
}
_ALWAYS = frozenset({"hotline", "vi_du"})
_OF_DOSSIER = frozenset(
    {"trang_thai", "nguoi", "ma", "thu_tuc", "co_quan", "can_bo", "han", "link", "token"}
)


def names_of(key: str) -> frozenset[str]:
    """What may stand in braces in this answer: what is known when it is given."""
    if key not in DEFAULTS:
        return NAMES
    own = names_in(DEFAULTS[Key(key)][1]) or frozenset()
    return _ALWAYS | own | (_OF_DOSSIER if "trang_thai" in own else frozenset())


def needed_by(key: str) -> str:
    """The name that this answer must hold, or ""."""
    return _NEEDED.get(Key(key), "") if key in DEFAULTS else ""


def names_in(text: str) -> frozenset[str] | None:
    """The names in braces of a text; None where a brace has no partner."""
    try:
        return frozenset(name for _head, name, _spec, _conv in Formatter().parse(text) if name)
    except ValueError:
        return None


def ensure_defaults() -> int:
    """Adds the answers that are not there; words that were changed stay. How many were added."""
    known = set(ChatAnswer.objects.values_list("key", flat=True))
    new = [
        ChatAnswer(key=key.value, when=when, text=text)
        for key, (when, text) in DEFAULTS.items()
        if key.value not in known
    ]
    ChatAnswer.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)
