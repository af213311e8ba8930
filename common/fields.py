"""Columns that are unreadable without the key, and the keyed hash that finds them again."""

import hashlib
import hmac
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.apps import apps
from django.conf import settings
from django.db import models


@lru_cache(maxsize=4)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def encrypt(text: str) -> str:
    """`text` under the first key of FIELD_ENCRYPTION_KEYS, as URL-safe characters."""
    return _cipher(tuple(settings.FIELD_ENCRYPTION_KEYS)).encrypt(text.encode()).decode()


def decrypt(stored: str) -> str:
    """The text back, whichever of the keys wrote it. Raises InvalidToken for anything else."""
    return _cipher(tuple(settings.FIELD_ENCRYPTION_KEYS)).decrypt(stored.encode()).decode()


def keyed_hash(text: str) -> str:
    """HMAC-SHA256 in hex under FIELD_SEARCH_KEY: exact search without the text."""
    return hmac.new(settings.FIELD_SEARCH_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


class EncryptedTextField(models.TextField[str, str]):
    """Text that is encrypted in the column and plain in Python. Cannot be searched."""

    description = "Encrypted text"

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return encrypt(value) if value else value

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        return decrypt(value) if value else value


class EncryptedBytesField(models.BinaryField[bytes | None, bytes | None]):
    """Bytes, such as a printed form, that are encrypted in the column and plain in Python."""

    description = "Encrypted bytes"

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is not None:
            value = _cipher(tuple(settings.FIELD_ENCRYPTION_KEYS)).encrypt(bytes(value))
        return super().get_db_prep_value(value, connection, prepared)

    def from_db_value(self, value: Any, *_: Any) -> bytes | None:
        if value is None:
            return None
        return _cipher(tuple(settings.FIELD_ENCRYPTION_KEYS)).decrypt(bytes(value))


def encrypted_columns() -> list[tuple[str, str]]:
    """(table, column) of every encrypted column of the product."""
    return [
        (model._meta.db_table, str(field.column))
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, EncryptedTextField | EncryptedBytesField)
    ]


def is_readable(stored: str | bytes | memoryview) -> bool:
    """Whether one of the keys opens what stands in such a column."""
    content = stored.encode() if isinstance(stored, str) else bytes(stored)
    try:
        _cipher(tuple(settings.FIELD_ENCRYPTION_KEYS)).decrypt(content)
    except InvalidToken:
        return False
    return True
