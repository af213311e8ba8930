"""Tracking ids: they name the delivery and the attempt, and cannot be made up by a stranger.

26 characters of base32 (eight bytes of the id, eight of a keyed digest) and three digits of the
attempt, so that a receipt says which attempt it belongs to (delivery-rules 4).
"""

import base64
import hmac

from common.fields import keyed_hash

_ID_BYTES = 8
_LENGTH = 26


def encode(delivery_id: int, attempt_no: int) -> str:
    """The tracking id of one attempt: 29 letters and digits."""
    raw = delivery_id.to_bytes(_ID_BYTES, "big") + _digest(delivery_id)
    return base64.b32encode(raw).decode().rstrip("=") + f"{attempt_no:03d}"


def decode(text: str) -> tuple[int, int] | None:
    """(delivery id, attempt number), or None for anything that `encode` did not make."""
    head, tail = text[:_LENGTH], text[_LENGTH:]
    if len(head) != _LENGTH or not (tail.isascii() and tail.isdigit() and len(tail) >= 3):
        return None
    try:
        raw = base64.b32decode(head + "=" * 6)
    except ValueError:
        return None
    delivery_id = int.from_bytes(raw[:_ID_BYTES], "big")
    is_ours = hmac.compare_digest(raw[_ID_BYTES:], _digest(delivery_id))
    return (delivery_id, int(tail)) if is_ours else None


def _digest(delivery_id: int) -> bytes:
    return bytes.fromhex(keyed_hash(f"tracking {delivery_id}"))[:_ID_BYTES]
