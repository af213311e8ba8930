"""The OAuth host: permission, exchange with PKCE, rotating refresh (contract 1)."""

import json
from urllib.parse import urlencode

from aiohttp import web

from sandbox.answers import note, read_form
from sandbox.tokens import ACCESS_LIFE_S, Pair
from sandbox.world import WORLD, World

INVALID_APP, INVALID_REDIRECT, INVALID_REFRESH = -14002, -14003, -14014
INVALID_SECRET, INVALID_CODE, INVALID_GRANT = -14004, -14012, -14001

routes = web.RouteTableDef()


@routes.get("/v4/oa/permission")
async def permission(request: web.Request) -> web.StreamResponse:
    """Grants at once, as an administrator of the account would, and goes to the callback."""
    world = request.app[WORLD]
    query = request.query
    if query.get("app_id") != world.settings.app_id:
        return _failed(INVALID_APP, "Invalid appId")
    redirect_uri = query.get("redirect_uri", "")
    if not redirect_uri.startswith(world.settings.public_url + "/"):
        return _failed(INVALID_REDIRECT, "Invalid redirect uri")
    code = world.tokens.issue_code(
        challenge=query.get("code_challenge", ""), now_s=world.clock.real_s()
    )
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
        return _granted(world, pair, _failed(INVALID_CODE, "Invalid authorization code"))
    if grant == "refresh_token":
        token = form.get("refresh_token", "")
        was_spent = token in world.tokens.spent
        pair = world.tokens.rotate(token, now_s=now_s)
        return _granted(world, pair, _refresh_refused(world, was_spent=was_spent))
    return _failed(INVALID_GRANT, "Invalid grant type")


def _granted(world: World, pair: Pair | None, otherwise: web.Response) -> web.Response:
    if pair is None:
        return otherwise
    world.state.save()
    return _json(
        {
            "access_token": pair.access_token,
            "refresh_token": pair.refresh_token,
            "expires_in": str(ACCESS_LIFE_S),
        }
    )


def _refresh_refused(world: World, *, was_spent: bool) -> web.Response:
    mode = world.settings.spent_refresh if was_spent else "error"
    if mode == "empty":
        return web.Response()
    error = str(INVALID_REFRESH) if mode == "quoted" else INVALID_REFRESH
    return _failed(error, "Invalid refresh token.")


def _failed(error: int | str, name: str) -> web.Response:
    return _json(
        {"error": error, "error_name": name, "error_reason": "", "ref_doc": "", "message": ""}
    )


def _json(body: dict[str, object]) -> web.Response:
    return web.json_response(body, dumps=lambda value: json.dumps(value, ensure_ascii=False))
