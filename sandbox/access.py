"""Who may call: the token, the proof of the secret, the application, by the codes of each host."""

import hashlib
import hmac
from typing import Any

from aiohttp import web

from sandbox.answers import Refused, read_object
from sandbox.world import WORLD, World

OA_TOKEN, OA_EXPIRED, OA_PROOF, OA_APP = -216, -220, -242, -209
PHONE_TOKEN, PHONE_PROOF, PHONE_APP = -124, -1241, -103


def oa(request: web.Request) -> World:
    """The world for an authorised call on the official-account host; else Refused."""
    world = request.app[WORLD]
    if world.modes["app"] == "inactive":
        raise Refused(OA_APP, "App has been not approved")
    state = _token_state(request, world)
    if state == "refused":
        raise Refused(OA_TOKEN, "Access token is invalid")
    if state == "expired":
        raise Refused(OA_EXPIRED, "access_token is expired or removed")
    if not _is_proven(request, world):
        raise Refused(OA_PROOF, "appsecret_proof is invalid")
    return world


async def oa_body(request: web.Request) -> tuple[World, dict[str, Any]]:
    """The world and the JSON object of an authorised call on the official-account host."""
    world = oa(request)
    return world, await read_object(request)


def business(request: web.Request) -> World:
    """The world for an authorised call on the business host; else Refused."""
    world = request.app[WORLD]
    if world.modes["app"] == "inactive":
        raise Refused(PHONE_APP, "App is not activated")
    if _token_state(request, world) != "normal":
        raise Refused(PHONE_TOKEN, "Access token invalid")
    if not _is_proven(request, world):
        raise Refused(PHONE_PROOF, "appsecret_proof is invalid")
    return world


def proof_of(token: str, *, app_secret: str) -> str:
    """The header `appsecret_proof`: HMAC-SHA256 of the token under the application's secret."""
    return hmac.new(
        app_secret.encode(), token.encode("utf-8", "replace"), hashlib.sha256
    ).hexdigest()


def _token_state(request: web.Request, world: World) -> str:
    """normal, refused or expired."""
    token = request.headers.get("access_token", "")
    if world.tokens.access_left_s(token, now_s=world.clock.real_s()) > 0:
        return world.modes["access"]
    return "expired" if token in world.tokens.access else "refused"


def _is_proven(request: web.Request, world: World) -> bool:
    if world.modes["proof"] != "required":
        return True
    token = request.headers.get("access_token", "")
    wanted = proof_of(token, app_secret=world.settings.app_secret)
    given = request.headers.get("appsecret_proof", "")
    return hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode())
