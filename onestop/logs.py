"""Log lines as JSON: request ids and row ids, never personal data or look-up tokens."""

import re
from typing import Any

import structlog

# The page and the call of the public look-up carry the receipt's token in their address.
_TOKEN = re.compile(r"(?:/|%2F)(t|lookup)(?:/|%2F)[^/?&\s]+", re.IGNORECASE)
# What a database says of a row that it refuses: the row itself.
_ROW = re.compile(r"(DETAIL|LINE \d+):.*?(?=\n\n|\n(?:CONTEXT|HINT|DETAIL):|\Z)", re.DOTALL)
_DROPPED = ("ip", "user_agent")


def mask(_logger: Any, _method: str, entry: dict[str, Any]) -> dict[str, Any]:
    """Drops the visitor's address and browser, hides look-up tokens and the rows of database errors
    in any text, and keeps no query of a request: an officer searches by name, phone and identity
    number."""
    for key in _DROPPED:
        entry.pop(key, None)
    if isinstance(entry.get("request"), str):
        entry["request"] = entry["request"].partition("?")[0]
    for key, value in entry.items():
        if isinstance(value, str):
            entry[key] = _ROW.sub(r"\1: …", _TOKEN.sub(r"/\1/…", value))
    return entry


_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    mask,
]


def formatter() -> structlog.stdlib.ProcessorFormatter:
    """The formatter that LOGGING names; also sets structlog up, once per process."""
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_SHARED,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
