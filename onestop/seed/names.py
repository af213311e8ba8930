"""Names of people who plainly do not exist: given names are plants and birds of the delta."""

from random import Random

_FAMILY = (
    "Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý",
)  # fmt: skip
_MIDDLE = ("Văn", "Thị", "Hữu", "Ngọc", "Thành", "Kim", "Minh", "Hồng", "Phước", "Thanh")
_PLANTS = (
    "Sen", "Súng", "Lúa", "Tràm", "Sậy", "Dừa", "Xoài", "Quýt", "Bưởi", "Nhãn", "Mận", "Ổi", "Khế",
    "Bần", "Đước", "Lục Bình", "Điên Điển", "So Đũa", "Ô Môi", "Chôm Chôm", "Sầu Riêng", "Rau Dừa",
)  # fmt: skip
_BIRDS = (
    "Sếu", "Cò", "Diệc", "Vạc", "Nhạn", "Cồng Cộc", "Le Le", "Trích", "Bìm Bịp", "Chàng Nghịch",
    "Sáo", "Cuốc", "Gà Nước", "Chiền Chiện", "Bồ Nông", "Giang Sen", "Ưởng",
)  # fmt: skip


def officer_name(chance: Random) -> str:
    """An officer: “Trần Thị Lục Bình”."""
    return _name(chance, _PLANTS)


def citizen_name(chance: Random) -> str:
    """A citizen: “Nguyễn Văn Sếu”."""
    return _name(chance, _BIRDS)


def _name(chance: Random, given: tuple[str, ...]) -> str:
    return " ".join(chance.choice(part) for part in (_FAMILY, _MIDDLE, given))
