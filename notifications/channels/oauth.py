"""Zalo's OAuth: renewing a pair, exchanging a code, and where an operator grants access.

The refresh token works once; its answer is the only copy of the next pair (zalo-contract 1).
"""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import urllib3
from django.conf import settings

from notifications import policies
from notifications.channels import hosts
from notifications.channels.zalo_answers import as_int

_DEFAULT_LIFE_S = 3600
_INVALID_REFRESH_TOKEN = -14014
_LONGEST_ANSWER = 64 * 1024


@dataclass(frozen=True)
class Pair:
    """An access token with the refresh token that gets the next one."""

    access_token: str
    refresh_token: str
    life_s: float


@dataclass(frozen=True)
class Refused:
    """The provider will never accept this token or code again; `detail` is safe to show."""

    detail: str


@dataclass(frozen=True)
class Unclear:
    """No answer that counts: the token may or may not have been spent."""

    detail: str


TokenAnswer = Pair | Refused | Unclear


def refresh(refresh_token: str) -> TokenAnswer:
    """Spend the refresh token for a new pair. Where the answer has none, the old one is kept."""
    form = {
        "refresh_token": refresh_token,
        "app_id": settings.ZALO_APP_ID,
        "grant_type": "refresh_token",
    }
    return _read(_post(form), kept=refresh_token)


def exchange(code: str, verifier: str) -> TokenAnswer:
    """Trade the code of the permission page for the first pair."""
    form = {
        "code": code,
        "app_id": settings.ZALO_APP_ID,
        "grant_type": "authorization_code",
        "code_verifier": verifier,
    }
    return _read(_post(form), kept="")


def new_verifier() -> str:
    """A PKCE verifier: 32 random bytes as 43 characters."""
    return _unpadded(secrets.token_bytes(32))


def challenge(verifier: str) -> str:
    """The S256 challenge of a verifier, URL-safe and without padding."""
    return _unpadded(hashlib.sha256(verifier.encode("ascii")).digest())


def permission_url(*, redirect_uri: str, verifier: str, state: str) -> str:
    """Where an administrator of the account grants access; the code comes to `redirect_uri`."""
    query = {
        "app_id": settings.ZALO_APP_ID,
        "redirect_uri": redirect_uri,
        "code_challenge": challenge(verifier),
        "state": state,
    }
    return f"{settings.ZALO_OAUTH_BASE_URL}/v4/oa/permission?{urlencode(query)}"


def _unpadded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _post(form: dict[str, str]) -> tuple[int, bytes] | Unclear:
    url = f"{settings.ZALO_OAUTH_BASE_URL}/v4/oa/access_token"
    hosts.check(url)
    timeout = urllib3.Timeout(
        connect=policies.scaled(policies.HTTP_CONNECT_S),
        read=policies.scaled(policies.HTTP_DEADLINE_S),
    )
    try:
        with urllib3.PoolManager() as http:
            answer = http.request(
                "POST",
                url,
                fields=form,
                encode_multipart=False,
                headers={"secret_key": settings.ZALO_APP_SECRET},
                retries=False,
                redirect=False,
                timeout=timeout,
            )
            return answer.status, answer.data[:_LONGEST_ANSWER]
    except urllib3.exceptions.HTTPError as error:
        return Unclear(type(error).__name__)


def _read(answer: tuple[int, bytes] | Unclear, *, kept: str) -> TokenAnswer:
    if isinstance(answer, Unclear):
        return answer
    status, body = answer
    if status != 200:
        return Unclear(f"HTTP {status}")
    if not body.strip():
        return Refused("empty answer: the refresh token was spent before")
    try:
        parsed = json.loads(body)
    except ValueError:
        return Unclear("HTTP 200, no JSON")
    return (
        _read_object(parsed, kept) if isinstance(parsed, dict) else Unclear("HTTP 200, no object")
    )


def _read_object(parsed: dict[str, Any], kept: str) -> TokenAnswer:
    access, refreshed = parsed.get("access_token"), parsed.get("refresh_token") or kept
    if access and refreshed:
        life = as_int(parsed.get("expires_in")) or 0
        return Pair(str(access), str(refreshed), float(life if life > 0 else _DEFAULT_LIFE_S))
    code = as_int(parsed.get("error"))
    if code == _INVALID_REFRESH_TOKEN:
        return Refused(f"{code}: invalid refresh token")
    return Unclear(f"{code}: {str(parsed.get('error_name', 'no token'))[:60]}")
