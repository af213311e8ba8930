"""Every request and answer of the contract's examples, replayed: same values, same shape and types.

What an example invents (ids, names, instants) is replaced in the request by what exists here, and
compared in the answer by type only (`INVENTED`).
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import aiohttp
import pytest

from sandbox.clock import Clock
from sandbox.tests.running import (
    ACCESS,
    REFRESH,
    SETTINGS,
    USER,
    Client,
    Hands,
    contract_templates,
    examples,
    play,
)
from sandbox.tokens import challenge_of

PARTS = {part: rows for part, rows in examples().items() if part not in ("_about", "webhooks")}
EXAMPLES = {f"{part}.{name}": row for part, rows in PARTS.items() for name, row in rows.items()}
PHONE, PHONE_TEMPLATE = "84912000111", "Trạng thái hồ sơ"
VERIFIER = "A" * 43
CALLBACK = "https://motcua.example.vn/zalo/callback"
DATA = {"ten": "Nguyễn Văn A", "ma_ho_so": "000.01.H20"}
INVENTED = frozenset({
    "access_token", "refresh_token", "ref_doc", "token", "attachment_id", "id", "message_id",
    "msg_id", "msgId", "templateId", "createdTime", "previewUrl", "display_name", "avatar",
    "120", "240", "user_id_by_app", "name", "num_follower", "package_valid_through_date",
    "linked_ZCA", "valid_through", "remain", "submitDate", "delivery_time",
})  # fmt: skip
# Not counted since 2026, as the note of the example says.
OPTIONAL = frozenset({"remain", "total"})
Names = dict[str, str]


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: Any


def differences(wanted: Any, given: Any, at: str = "") -> list[str]:
    """Places where an answer lacks something of the example, or says or is something else."""
    name = at.rpartition(".")[2]
    if isinstance(wanted, dict):
        if not isinstance(given, dict):
            return [f"{at}: no object"]
        found = [f"{at}.{key}: missing" for key in wanted.keys() - given.keys() - OPTIONAL]
        for key in wanted.keys() & given.keys():
            found += differences(wanted[key], given[key], f"{at}.{key}")
        return found
    if isinstance(wanted, list) and isinstance(given, list):
        if wanted and not given:
            return [f"{at}: empty"]
        return differences(wanted[0], given[0], f"{at}[0]") if wanted else []
    if wanted is None or given is None:
        return []
    if type(wanted) is not type(given):
        return [f"{at}: {type(given).__name__}"]
    if name == "message" and isinstance(wanted, str):
        return [] if wanted.casefold() == given.casefold() else [f"{at}: {given}"]
    return [] if name in INVENTED or wanted == given else [f"{at}: {given!r}"]


def renamed(value: Any, names: Names) -> Any:
    """A request with what the example invented replaced by what exists here."""
    if isinstance(value, dict):
        return {key: renamed(inner, names) for key, inner in value.items()}
    if isinstance(value, list):
        return [renamed(inner, names) for inner in value]
    return names.get(value, value) if isinstance(value, str) else value


async def send(client: Client, request: Mapping[str, Any], names: Names) -> Answer:
    """Sends an example's request to the sandbox."""
    parts = urlsplit(request["url"])
    headers = renamed(request.get("headers", {}), {"<AT>": ACCESS} | names)
    query = renamed(dict(parse_qsl(request.get("query", parts.query))), names)
    body = request.get("body")
    content: dict[str, Any] = {}
    if isinstance(body, str) and headers.get("Content-Type", "").startswith("multipart"):
        del headers["Content-Type"]
        content["data"] = form = aiohttp.FormData()
        kind = "image/png" if parts.path.endswith("image") else "application/pdf"
        form.add_field("file", b"x", filename="a", content_type=kind)
    elif isinstance(body, str):
        content["data"] = renamed(dict(parse_qsl(body)), names)
    elif body is not None:
        content["json"] = renamed(body, names)
    async with client.session.request(
        request["method"],
        client.url + parts.path,
        params=query,
        headers=headers,
        allow_redirects=False,
        **content,
    ) as response:
        raw = await response.read()
        is_json = response.content_type == "application/json"
        return Answer(response.status, dict(response.headers), json.loads(raw) if is_json else None)


async def nothing(client: Client) -> Names:
    """The templates by the numbers of the examples."""
    return {
        "400001": client.template_id(PHONE_TEMPLATE),
        "400002": client.template_id("Mẫu cũ"),
        "400003": client.template_id("Tin quảng bá"),
        "RT1": REFRESH,
    }


async def follower(client: Client) -> Names:
    await client.post("/_sandbox/follow", {"user_id": USER, "follow": True})
    return await nothing(client)


async def six_followers(client: Client) -> Names:
    for number in range(6):
        user_id = str(int(USER) + number)
        await client.post("/_sandbox/follow", {"user_id": user_id, "follow": True})
    return await nothing(client)


async def tagged(client: Client) -> Names:
    names = await follower(client)
    await client.post("/v2.0/oa/tag/tagfollower", {"user_id": USER, "tag_name": "Cai Lậy"})
    return names


async def uploaded(client: Client) -> Names:
    names = await follower(client)
    answers = {}
    for name, key in (("ATT1", "upload_image"), ("FTK1", "upload_file")):
        answer = await send(client, PARTS["users_upload_article"][key]["request"], names)
        answers[name] = next(iter(answer.body["data"].values()))
    return names | answers


async def article(client: Client) -> Names:
    names = await nothing(client)
    made = await send(client, PARTS["users_upload_article"]["article_create"]["request"], names)
    token = made.body["data"]["token"]
    verified = await client.post("/v2.0/article/verify", {"token": token})
    return names | {"ATK1": token, "ART1": verified["data"]["id"]}


async def sent(client: Client) -> Names:
    names = await nothing(client)
    body = client.phone_send(PHONE_TEMPLATE, template_data=DATA, phone=PHONE)
    answer = await client.post("/message/template", body)
    return names | {"p0000000000000000001": answer["data"]["msg_id"]}


async def rated(client: Client) -> Names:
    names = await nothing(client)
    body = client.phone_send("Tin quảng bá", template_data=DATA, phone=PHONE)
    msg_id = (await client.post("/message/template", body))["data"]["msg_id"]
    stars = {"rate": 5, "note": "Nhanh gọn", "feedbacks": ["Cán bộ lịch sự"]}
    await client.post("/_sandbox/rate", {"msg_id": msg_id, **stars})
    return names


async def granted(client: Client) -> Names:
    query = {
        "app_id": SETTINGS.app_id,
        "redirect_uri": CALLBACK,
        "code_challenge": challenge_of(VERIFIER),
    }
    async with client.session.get(
        f"{client.url}/v4/oa/permission", params=query, allow_redirects=False
    ) as response:
        callback = urlsplit(response.headers["Location"])
    return {"C0DE": parse_qs(callback.query)["code"][0]}


def mode(**order: Any) -> Callable[[Client], Awaitable[Names]]:
    """Switched before the request."""

    async def prepare(client: Client) -> Names:
        await client.order(**order)
        return await nothing(client)

    return prepare


async def phone_only(client: Client) -> Names:
    await client.order(kind="template", template="Mẫu cũ", value="PHONE_ONLY")
    return {"1": client.template_id("Mẫu cũ")}


async def one_enabled(client: Client) -> Names:
    for name in ("Tin quảng bá", "Mẫu cũ"):
        await client.order(kind="template", template=name, value="DISABLE")
    return await nothing(client)


async def silent_for_a_week(client: Client) -> Names:
    names = await follower(client)
    person = client.world.people.find(USER)
    assert person is not None
    person.last_interaction_ms -= 8 * 86_400_000
    return names


PREPARED: Mapping[str, Callable[[Client], Awaitable[Names]]] = {
    "oauth.permission_redirect": nothing,
    "oauth.exchange_ok": granted,
    "oauth.refresh_ok": nothing,
    "oauth.refresh_unknown_token": nothing,
    "oauth.authorize_bad_redirect": nothing,
    "oauth.authorize_app_inactive": mode(kind="app", value="inactive"),
    "oa_message.cs_text": follower,
    "oa_message.cs_image": uploaded,
    "oa_message.cs_file": uploaded,
    "oa_message.cs_request_user_info": follower,
    "oa_message.cs_outside_7_days": silent_for_a_week,
    "oa_message.cs_token_expired": mode(kind="access", value="expired"),
    "oa_message.cs_rate_limited": mode(kind="rate", value="reached"),
    "oa_message.v2_message_shut_down": nothing,
    "oa_message.reaction_v2_still_alive": follower,
    "oa_message.transaction_legacy": mode(kind="legacy", value="on"),
    "oa_message.broadcast_article": article,
    "zbs.uid_send": nothing,
    "zbs.uid_template_too_old": phone_only,
    "zbs.phone_send": nothing,
    "zbs.phone_send_dev_mode": nothing,
    "zbs.phone_no_zalo": nothing,
    "zbs.phone_night": mode(kind="night", value="now"),
    "zbs.status": sent,
    "zbs.quota": sent,
    "zbs.template_list": one_enabled,
    "zbs.template_info": nothing,
    "zbs.rating_get": rated,
    "users_upload_article.getlist": six_followers,
    "users_upload_article.detail": tagged,
    "users_upload_article.user_quota": follower,
    "users_upload_article.oa_quota": nothing,
    "users_upload_article.tag": follower,
    "users_upload_article.upload_image": nothing,
    "users_upload_article.upload_file": nothing,
    "users_upload_article.asset_expired": follower,
    "users_upload_article.article_create": nothing,
    "users_upload_article.article_verify": article,
    "users_upload_article.getoa": nothing,
    "users_upload_article.group_message": nothing,
}
# Examples that give an answer only: what leads to it here.
PERMISSION = {"method": "GET", "url": "https://oauth.zaloapp.com/v4/oa/permission"}
ASKED: Mapping[str, Mapping[str, Any]] = {
    "oauth.permission_redirect": {
        "method": "GET",
        "url": EXAMPLES["oauth.permission_redirect"]["authorize"],
    },
    "oauth.authorize_bad_redirect": {
        **PERMISSION,
        "query": f"app_id={SETTINGS.app_id}&redirect_uri=https://elsewhere.example/",
    },
    "oauth.authorize_app_inactive": {
        **PERMISSION,
        "query": f"app_id={SETTINGS.app_id}&redirect_uri={CALLBACK}",
    },
    "oa_message.cs_rate_limited": EXAMPLES["oa_message.cs_text"].get("request", {}),
    "users_upload_article.asset_expired": EXAMPLES["oa_message.cs_image"].get("request", {}),
}


def test_every_example_is_replayed() -> None:
    assert set(PREPARED) == set(EXAMPLES)
    assert {key for key, row in EXAMPLES.items() if "request" not in row} == set(ASKED)


@pytest.mark.parametrize("key", PREPARED)
def test_example_is_answered_alike(key: str, tmp_path: Path) -> None:
    example = EXAMPLES[key]

    async def scene(client: Client) -> None:
        names = await PREPARED[key](client)
        answer = await send(client, example.get("request") or ASKED[key], names)
        if "callback" in example:
            assert_is_callback(answer, example["callback"])
            return
        wanted = example["response"]
        assert answer.status == wanted["status"]
        assert differences(wanted["body"], answer.body) == []
        for name, value in wanted.get("headers", {}).items():
            assert answer.headers[name] == value

    play(
        scene,
        clock=Clock(source=Hands()),
        templates=contract_templates(tmp_path),
        public_url="https://motcua.example.vn",
        daily_quota=500,
    )


def assert_is_callback(answer: Answer, example: str) -> None:
    """The redirect goes where the example's goes, with the same parameters."""
    wanted, given = urlsplit(example), urlsplit(answer.headers["Location"])
    assert (answer.status, given._replace(query="")) == (302, wanted._replace(query=""))
    fields, found = dict(parse_qsl(wanted.query)), dict(parse_qsl(given.query))
    assert fields | {"code": ""} == found | {"code": ""}


def test_shut_down_messages_are_refused_unless_switched_on(tmp_path: Path) -> None:
    async def scene(client: Client) -> None:
        example = EXAMPLES["oa_message.transaction_legacy"]
        answer = await send(client, example["request"], await nothing(client))
        assert answer.body["error"] == -240

    play(scene, templates=contract_templates(tmp_path))


def test_ratings_are_read_by_get_too(tmp_path: Path) -> None:
    async def scene(client: Client) -> None:
        example = EXAMPLES["zbs.rating_get"]
        names = await rated(client)
        answer = await send(client, example["request"] | {"method": "GET"}, names)
        assert differences(example["response"]["body"], answer.body) == []

    play(scene, clock=Clock(source=Hands()), templates=contract_templates(tmp_path))


@pytest.mark.parametrize(
    ("wanted", "given", "found"),
    [
        ({"a": 1}, {}, [".a: missing"]),
        ({"a": 1}, {"a": "1"}, [".a: str"]),
        ({"a": 1}, {"a": 2}, [".a: 2"]),
        ({"id": "x"}, {"id": "y"}, []),
        ({"a": [{"b": 1}]}, {"a": []}, [".a: empty"]),
        ({"a": [{"b": 1}]}, {"a": [{"b": 1, "c": 2}]}, []),
        ({"a": True}, {"a": 1}, [".a: int"]),
        ({"a": {}}, {"a": []}, [".a: no object"]),
    ],
)
def test_comparison_sees_what_differs(wanted: Any, given: Any, found: list[str]) -> None:
    assert differences(wanted, given) == found
