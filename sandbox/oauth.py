"""The OAuth host: permission, exchange with PKCE, rotating refresh (contract 1)."""

import json
from urllib.parse import urlencode

from aiohttp import web

from sandbox.answers import note, read_form
from sandbox.sending import cut, gateway_error
from sandbox.tokens import ACCESS_LIFE_S, Pair
from sandbox.world import WORLD, World

INVALID_APP, INVALID_REDIRECT, INVALID_REFRESH = -14002, -14003, -14014
INVALID_SECRET, INVALID_CODE, INVALID_GRANT = -14004, -14012, -14001
DOCUMENT = "https://developers.zalo.me/docs/"

routes = web.RouteTableDef()


@routes.get("/v4/oa/permission")
async def permission(request: web.Request) -> web.StreamResponse:
    """Grants at once, as an administrator of the account would, and goes to the callback."""
    world = request.app[WORLD]
    query = request.query
    if query.get("app_id") != world.settings.app_id:
        return _failed(INVALID_APP, "Invalid appId")
    if world.modes["app"] == "inactive":
        return _failed(INVALID_APP, "Invalid appId", "App is not active but user is not admin")
    redirect_uri = query.get("redirect_uri", "")
    if not _is_registered(world, redirect_uri):
        return _failed(INVALID_REDIRECT, "Invalid redirect uri")
    challenge = query.get("code_challenge", "")
    if world.modes["pkce"] == "fixed":
        challenge = world.settings.pkce_challenge
    code = world.tokens.issue_code(challenge=challenge, now_s=world.clock.real_s())
    answer = {"code": code, "oa_id": world.settings.oa_id}
    if "state" in query:
        answer["state"] = query["state"]
    mark = "&" if "?" in redirect_uri else "?"
    return web.Response(
        status=302, headers={"Location": f"{redirect_uri}{mark}{urlencode(answer)}"}
    )


@routes.post("/v4/oa/access_token")
async def access_token(request: web.Request) -> web.StreamResponse:
    """A new pair for a refresh token, or for a code; the old refresh token is dead at once.

    The new pair is on disk before it leaves, so that a restart keeps it alive. Codes without an
    official table: -14001 unknown grant, -14004 wrong secret, -14012 wrong code.
    """
    world = request.app[WORLD]
    form = await read_form(request)
    grant = form.get("grant_type", "")
    note(request, grant=grant[:30])
    if form.get("app_id") != world.settings.app_id:
        return _failed(INVALID_APP, "Invalid appId")
    if request.headers.get("secret_key", "") != world.settings.app_secret:
        return _failed(INVALID_SECRET, "Invalid secret key")
    now_s = world.clock.real_s()
    if grant == "authorization_code":
        verifier = form.get("code_verifier", "")
        pair = world.tokens.exchange(form.get("code", ""), verifier=verifier, now_s=now_s)
        if pair is None:
            return _failed(INVALID_CODE, "Invalid authorization code")
        return _granted(world, pair)
    if grant == "refresh_token":
        return _refresh(request, world, form.get("refresh_token", ""), now_s=now_s)
    return _failed(INVALID_GRANT, "Invalid grant type")


def _is_registered(world: World, redirect_uri: str) -> bool:
    registered = world.settings.redirect_uri
    if registered:
        return redirect_uri == registered
    return redirect_uri.startswith(world.settings.public_url + "/")


def _refresh(request: web.Request, world: World, token: str, *, now_s: float) -> web.Response:
    """A new pair, or what the mode `refresh` makes of it; refusals leave the token alive."""
    mode = world.modes["refresh"]
    if mode == "down":
        return gateway_error(502)
    if mode in ("empty", "invalid", "quoted"):
        return _refresh_refused("error" if mode == "invalid" else mode)
    was_spent = token in world.tokens.spent
    keeps = mode == "without_refresh"
    pair = world.tokens.rotate(token, now_s=now_s, keeps_refresh_token=keeps)
    if pair is None:
        return _refresh_refused(world.modes["spent"] if was_spent else "error")
    answer = _granted(world, pair, with_refresh_token=not keeps)
    return cut(request) if mode == "lost" else answer


def _granted(world: World, pair: Pair, *, with_refresh_token: bool = True) -> web.Response:
    world.state.save()
    lives: object = {"int": ACCESS_LIFE_S, "garbage": "soon"}.get(
        world.modes["expires_in"], str(ACCESS_LIFE_S)
    )
    answer: dict[str, object] = {"access_token": pair.access_token, "expires_in": lives}
    if with_refresh_token:
        answer["refresh_token"] = pair.refresh_token
    return _json(answer)


def _refresh_refused(mode: str) -> web.Response:
    """As seen live: -14014, the same in quotes with an empty token, or no body at all."""
    if mode == "empty":
        return web.Response()
    if mode == "quoted":
        return _failed(str(INVALID_REFRESH), "Invalid refresh token.", access_token="")
    return _failed(INVALID_REFRESH, "Invalid refresh token.")


def _failed(error: int | str, name: str, reason: str = "", **more: str) -> web.Response:
    return _json(
        {
            "error": error,
            "error_name": name,
            "error_reason": reason,
            "ref_doc": DOCUMENT,
            "message": "",
            **more,
        }
    )


def _json(body: dict[str, object]) -> web.Response:
    return web.json_response(body, dumps=lambda value: json.dumps(value, ensure_ascii=False))
