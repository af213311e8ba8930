"""Who has a Zalo account and follows the official account."""

import hashlib
import re
from dataclasses import asdict, dataclass, field
from typing import Any

KEPT = 20_000
DAY_MS = 86_400_000
WIRE_PHONE = re.compile(r"\+?84[0-9]{9}")
USER_ID = re.compile(r"[0-9]{1,20}")


@dataclass(slots=True)
class Person:
    """One Zalo account as the official account may meet it; `phone` only where it is known here.

    Real Zalo knows both numbers of a person and tells the product neither from the other; the
    product learns a user id only when that person writes or follows. `last_interaction_ms` opens
    the chat, `last_active_ms` is when they last had the phone in hand; `standing` is one of
    `fault_table.STANDINGS`; `shared` is what they chose to tell.
    """

    user_id: str
    phone: str = ""
    follows: bool = False
    last_interaction_ms: int = 0
    last_active_ms: int = 0
    standing: str = "normal"
    tags: list[str] = field(default_factory=list)
    shared: dict[str, str] = field(default_factory=dict)

    @property
    def display_name(self) -> str:
        """A plainly invented name."""
        return f"Người dùng thử {self.user_id[-4:]}"


class People:
    """The accounts met so far, the longest unseen forgotten beyond 20,000."""

    def __init__(self) -> None:
        self._by_id: dict[str, Person] = {}

    def meet(self, user_id: str, *, phone: str = "") -> Person:
        """The person with this user id, known from now on."""
        person = self._by_id.pop(user_id, None) or Person(user_id)
        person.phone = phone or person.phone
        self._by_id[user_id] = person
        while len(self._by_id) > KEPT:
            self._by_id.pop(next(iter(self._by_id)))
        return person

    def find(self, user_id: str) -> Person | None:
        """The person, if this user id was met."""
        return self._by_id.get(user_id)

    def all(self) -> list[Person]:
        """Everybody, the latest met last."""
        return list(self._by_id.values())

    def by_hash(self, phone_hash: str) -> str:
        """The phone whose SHA-256 this is, among those met; else ""."""
        phones = (person.phone for person in self._by_id.values() if person.phone)
        return next((phone for phone in phones if hash_of(phone) == phone_hash), "")

    def count_followers(self) -> int:
        """How many follow the official account."""
        return sum(person.follows for person in self._by_id.values())

    def clear(self) -> None:
        """Forgets everybody."""
        self._by_id.clear()

    def dump(self) -> list[dict[str, Any]]:
        """What must outlive a restart."""
        return [asdict(person) for person in self._by_id.values()]

    def restore(self, rows: list[dict[str, Any]]) -> None:
        """Takes back what `dump` gave."""
        for row in rows:
            person = Person(**row)
            self._by_id[person.user_id] = person


def wire_phone(value: object, *, loose: bool = False) -> str | None:
    """`84…` for a phone as the contract wants it (84… or +84…; loose: also 0…), else None."""
    if isinstance(value, str) and WIRE_PHONE.fullmatch(value):
        return value.removeprefix("+")
    if loose and isinstance(value, str) and re.fullmatch(r"0[0-9]{9}", value):
        return "84" + value[1:]
    return None


def typed_phone(value: str) -> str | None:
    """`84…` for a phone as people type it: 0950 000 143, +84 950…, with dots or spaces."""
    digits = re.sub(r"[ .\-()]", "", value)
    if re.fullmatch(r"0[0-9]{9}", digits):
        return "84" + digits[1:]
    return wire_phone(digits)


def shown_phone(phone: str) -> str:
    """0950 000 143 for 84950000143."""
    digits = "0" + phone.removeprefix("84")
    return f"{digits[:4]} {digits[4:7]} {digits[7:]}"


def has_zalo(phone: str) -> bool:
    """Phones that end in 00 have no Zalo account."""
    return not phone.endswith("00")


def hash_of(phone: str) -> str:
    """SHA-256 of `84…` in hex, by which a phone may be addressed (contract 3.1)."""
    return hashlib.sha256(phone.encode()).hexdigest()


def user_id_of(phone: str) -> str:
    """The user id that belongs to a phone with Zalo, always the same."""
    number = int.from_bytes(hashlib.sha256(phone.encode()).digest()[:8], "big") % 10**17
    return f"66{number:017d}"
