"""The examples of the wire contract, replayed: same codes, and answers of the same shape."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from sandbox.tests.running import Client, examples, play

EXAMPLES = examples()
USER = "6630000000000000003"
OPTIONAL = {"remain", "total", "previewUrl"}
REFUSED = [
    ("oa_message", "v2_message_shut_down"),
    ("zbs", "phone_send_dev_mode"),
    ("zbs", "phone_no_zalo"),
]
READ = [("zbs", name) for name in ("quota", "template_list")] + [("users", "getoa")]
TYPE = {int: "number", float: "number"}


def missing(wanted: Any, given: Any, at: str = "") -> list[str]:
    """Places where an answer lacks a key of the example or has another type there."""
    if isinstance(wanted, dict):
        if not isinstance(given, dict):
            return [at]
        return [
            place
            for key, value in wanted.items()
            if key not in OPTIONAL
            for place in (missing(value, given[key], f"{at}.{key}") if key in given else [at + key])
        ]
    if isinstance(wanted, list):
        return missing(wanted[0], given[0], f"{at}[0]") if wanted and given else []
    if wanted is None or given is None:
        return []
    kinds = [TYPE.get(type(value), type(value).__name__) for value in (wanted, given)]
    return [] if kinds[0] == kinds[1] else [f"{at}: {kinds[1]}"]


async def replay(client: Client, example: Mapping[str, Any], **change: str) -> Any:
    """Sends an example's request to the sandbox with some values changed."""
    request = example["request"]
    path = urlsplit(request["url"]).path
    if request["method"] == "GET":
        query = dict(parse_qsl(request.get("query", ""))) | change
        return await client.get(path, **query)
    return await client.post(path, request["body"] | change)


@pytest.mark.parametrize(("part", "name"), REFUSED)
def test_refused_example_is_refused_alike(part: str, name: str) -> None:
    async def scene(client: Client) -> None:
        example = EXAMPLES[part][name]
        change = {"template_id": client.template_id("received")} if part == "zbs" else {}
        answer = await replay(client, example, **change)
        assert answer == example["response"]["body"]

    play(scene)


@pytest.mark.parametrize(("part", "name"), READ)
def test_read_example_is_answered_in_its_shape(part: str, name: str) -> None:
    async def scene(client: Client) -> None:
        example = EXAMPLES[part][name]
        answer = await replay(client, example)
        assert missing(example["response"]["body"], answer) == []

    play(scene)


@pytest.mark.parametrize("name", ["phone_send", "uid_send"])
def test_send_example_is_answered_in_its_shape(name: str) -> None:
    async def scene(client: Client) -> None:
        example = EXAMPLES["zbs"][name]
        template_id = client.template_id("received")
        request = {**example["request"]}
        request["body"] = request["body"] | {"template_data": client.data("received")}
        answer = await replay(client, {"request": request}, template_id=template_id)
        assert missing(example["response"]["body"], answer) == []

    play(scene)


def test_status_and_description_are_answered_in_their_shape() -> None:
    async def scene(client: Client) -> None:
        sent = await client.post("/message/template", client.phone_send())
        for name, change in (
            ("status", {"message_id": sent["data"]["msg_id"]}),
            ("template_info", {"template_id": client.template_id("received")}),
        ):
            example = EXAMPLES["zbs"][name]
            answer = await replay(client, example, **change)
            assert missing(example["response"]["body"], answer) == []

    play(scene)


def test_chat_and_person_are_answered_in_their_shape() -> None:
    async def scene(client: Client) -> None:
        await client.post("/_sandbox/follow", {"user_id": USER, "follow": True})
        for part, name in (("oa_message", "cs_text"), ("users", "detail")):
            example = EXAMPLES[part][name]
            answer = await replay(client, example)
            assert missing(example["response"]["body"], answer) == []

    play(scene)


def test_oauth_examples_are_answered_alike() -> None:
    async def scene(client: Client) -> None:
        example = EXAMPLES["oauth"]["refresh_unknown_token"]
        form = dict(parse_qsl(example["request"]["body"]))
        refused = await client.oauth(**form)
        assert refused["error"] == example["response"]["body"]["error"]
        assert missing(example["response"]["body"], refused) == []
        good = EXAMPLES["oauth"]["refresh_ok"]
        form = dict(parse_qsl(good["request"]["body"])) | {
            "refresh_token": client.world.settings.refresh_token
        }
        assert missing(good["response"]["body"], await client.oauth(**form)) == []

    play(scene)
