"""Random names and secrets. Public identifiers are these or codes, never serial ids."""

import hashlib
import secrets

# Without 0 O 1 I L: read aloud and typed by hand.
READABLE = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_LOWER = "abcdefghijkmnpqrstuvwxyz23456789"


def reference() -> str:
    """A random reference of 20 characters (100 bits) that stands for a row in addresses."""
    return "".join(secrets.choice(_LOWER) for _ in range(20))


def lookup_token() -> str:
    """160 random bits as 27 URL-safe characters: the only thing that a receipt's QR holds.

    Fits the provider's cap of 30 characters for a parameter of type code.
    """
    return secrets.token_urlsafe(20)


def lookup_code() -> str:
    """The four characters printed on the receipt as second secret."""
    return "".join(secrets.choice(READABLE) for _ in range(4))


def link_code() -> str:
    """Eight characters that an officer sends in the chat once to link an account."""
    return "".join(secrets.choice(READABLE) for _ in range(8))


def api_token() -> str:
    """256 random bits as 43 URL-safe characters."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """SHA-256 in hex of a high-entropy token; only this is stored."""
    return hashlib.sha256(token.encode()).hexdigest()
