"""Reads at Zalo that are not messages: the templates of the account (zalo-contract 3.3)."""

import json
from dataclasses import dataclass
from typing import Any

import urllib3
from django.conf import settings

from notifications import policies
from notifications.channels import hosts
from notifications.channels.zalo_answers import as_int

_PAGE = 100
_MOST_PAGES = 50


class ZaloReadError(Exception):
    """Zalo did not answer a read, or refused it; `code` is None without an answer."""

    def __init__(self, message: str, code: int | None = None) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class TemplateRow:
    """A template in the account's list."""

    template_id: str
    name: str
    status: str
    quality: str


def list_templates(access_token: str) -> list[TemplateRow]:
    """Every template of the account. Raises ZaloReadError."""
    rows: list[TemplateRow] = []
    for page in range(_MOST_PAGES):
        answer = _get(
            "/template/all", access_token, {"offset": str(page * _PAGE), "limit": str(_PAGE)}
        )
        found = answer.get("data") or []
        rows += [
            TemplateRow(
                str(row.get("templateId", "")),
                str(row.get("templateName", "")),
                str(row.get("status", "")),
                str(row.get("templateQuality") or ""),
            )
            for row in found
            if isinstance(row, dict)
        ]
        total = as_int((answer.get("metadata") or {}).get("total"))
        if not found or (total is not None and len(rows) >= total):
            break
    return rows


def template_params(access_token: str, template_id: str) -> list[dict[str, Any]]:
    """The parameters of a template as Zalo knows them (listParams). Raises ZaloReadError."""
    answer = _get("/template/info/v2", access_token, {"template_id": template_id})
    data = answer.get("data")
    params = data.get("listParams") if isinstance(data, dict) else None
    return [param for param in params or [] if isinstance(param, dict) and param.get("name")]


def _get(path: str, access_token: str, query: dict[str, str]) -> dict[str, Any]:
    url = settings.ZALO_BUSINESS_BASE_URL + path
    hosts.check(url)
    timeout = urllib3.Timeout(
        connect=policies.scaled(policies.HTTP_CONNECT_S),
        read=policies.scaled(policies.HTTP_DEADLINE_S),
    )
    try:
        with urllib3.PoolManager() as http:
            answer = http.request(
                "GET",
                url,
                fields=query,
                headers={"access_token": access_token},
                retries=False,
                redirect=False,
                timeout=timeout,
            )
    except urllib3.exceptions.HTTPError as error:
        raise ZaloReadError(f"no answer from {path}: {type(error).__name__}") from error
    return _checked(path, answer.status, answer.data)


def _checked(path: str, status: int, body: bytes) -> dict[str, Any]:
    try:
        parsed = json.loads(body)
    except ValueError:
        parsed = None
    if status != 200 or not isinstance(parsed, dict):
        raise ZaloReadError(f"{path} answered HTTP {status} without an object")
    code = as_int(parsed.get("error"))
    if code != 0:
        raise ZaloReadError(f"{path} refused: {code} {parsed.get('message', '')}", code)
    return parsed
