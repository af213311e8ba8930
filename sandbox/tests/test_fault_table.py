"""One table, two doors: each of its rows can be switched by the control API and on the page."""

import re
from typing import Any

import aiohttp
import pytest

from sandbox.config import REPO, ConfigError, read_settings
from sandbox.fault_form import choices, order_from
from sandbox.fault_table import CODES, MODES, NONE, ORDERS, STANDINGS, STATUSES, TEMPLATE_STATES
from sandbox.people import user_id_of
from sandbox.tests.running import NO_ZALO, PHONE, USER, Client, play

PATH = "/message/template"
EVERY_VALUE = [(kind, value) for kind, mode in MODES.items() for value in mode.values]


async def values(client: Client) -> dict[str, str]:
    """The present value of each mode."""
    table = await client.get("/_sandbox/modes")
    return {row["kind"]: row["value"] for row in table["modes"]}


def test_control_api_shows_the_whole_table() -> None:
    async def scene(client: Client) -> None:
        table = await client.get("/_sandbox/modes")
        assert {row["kind"]: row["values"] for row in table["modes"]} == {
            kind: dict(mode.values) for kind, mode in MODES.items()
        }
        assert table["orders"] == dict(ORDERS)
        assert set(table["person"]) == set(STANDINGS)
        assert table["template"] == dict(TEMPLATE_STATES)
        assert set(table["templates"].values()) == {"ENABLE"}

    play(scene)


def test_every_row_of_the_table_is_described() -> None:
    readme = (REPO / "sandbox" / "README.md").read_text(encoding="utf-8")
    words = [*MODES, *ORDERS, NONE, *STANDINGS, *TEMPLATE_STATES]
    assert [word for word in words if word not in readme] == []
    for kind, mode in MODES.items():
        line = next(row for row in readme.splitlines() if f"`{kind}`" in row and "|" in row)
        missing = [value for value in mode.values if value not in line]
        assert missing == [] or kind in ("quota", "oa_quota"), (kind, missing)


def test_every_mode_starts_normal() -> None:
    async def scene(client: Client) -> None:
        assert await values(client) == {kind: mode.normal for kind, mode in MODES.items()}

    play(scene)


def test_every_value_of_every_mode_is_switched_by_the_control_api() -> None:
    async def scene(client: Client) -> None:
        for kind, value in EVERY_VALUE:
            await client.order(kind=kind, value=value)
            assert (await values(client))[kind] == value
        await client.order(kind=NONE)
        assert await values(client) == {kind: mode.normal for kind, mode in MODES.items()}

    play(scene)


def test_every_value_of_every_mode_is_on_the_page_and_switched_by_its_form() -> None:
    async def scene(client: Client) -> None:
        _, page = await client.page("/")
        for kind, mode in MODES.items():
            is_box = len(mode.values) == 2
            assert f'name="{kind}"' in page
            for value, words in mode.values.items():
                assert is_box or f'value="{value}"' in page
                form = {} if is_box and value == mode.normal else {kind: value}
                status, answer = await client.page("/_phone/modes", form)
                assert status == 200
                assert (await values(client))[kind] == value
                assert value == mode.normal or words in answer

    play(scene)


def test_every_order_is_in_the_forms_list_and_becomes_that_order() -> None:
    offered = [value for group in choices().values() for value in group if value]
    orders = [order_from({"fault": value}, phone=PHONE) for value in offered]
    orders.append(order_from({"delay": "3"}, phone=PHONE))
    assert {order["kind"] for order in orders} == set(ORDERS)
    assert {order["code"] for order in orders} == {0, *CODES, *STATUSES}


def test_every_order_of_the_forms_list_is_taken() -> None:
    async def scene(client: Client) -> None:
        for group in choices().values():
            for value in filter(None, group):
                status, page = await client.page("/_phone/fault", {"fault": value})
                assert (status, "Đang chờ:" in page) == (200, True), value
                assert len(await client.get("/_sandbox/faults")) == 1
                await client.page("/_phone/fault", {"clear": "1"})

    play(scene)


def test_every_standing_and_template_state_is_on_the_page_and_switched_by_its_form() -> None:
    async def scene(client: Client) -> None:
        _, page = await client.page(f"/?who={PHONE}")
        for value, standing in STANDINGS.items():
            assert standing.words in page
            await client.page("/_phone/standing", {"who": PHONE, "value": value})
            (person,) = await client.get("/_sandbox/people")
            assert (person["user_id"], person["standing"]) == (user_id_of(PHONE), value)
        for value, words in TEMPLATE_STATES.items():
            assert words in page
            await client.page("/_phone/template", {"template": "ready", "value": value})
            states = (await client.get("/_sandbox/modes"))["templates"]
            assert states["ready"] == value

    play(scene)


@pytest.mark.parametrize(
    "order",
    [
        {"kind": "night"},
        {"kind": "night", "value": "noon"},
        {"kind": "copies", "value": True},
        {"kind": "copies", "value": ["2"]},
        {"kind": "person", "value": "offline"},
        {"kind": "person", "value": "offline", "phone": NO_ZALO},
        {"kind": "person", "value": "asleep", "user_id": USER},
        {"kind": "template", "template": "nothing", "value": "REJECT"},
        {"kind": "template", "template": ["ready"], "value": "REJECT"},
        {"kind": "template", "template": "ready", "value": {}},
        {"kind": "http", "code": 200},
        {"kind": "http", "code": "502"},
    ],
)
def test_order_without_sense_is_refused_in_vietnamese(order: dict[str, Any]) -> None:
    async def scene(client: Client) -> None:
        async with client.session.post(f"{client.url}/_sandbox/faults", json=order) as response:
            assert response.status == 400
            assert re.search("phải", (await response.json())["error"], re.IGNORECASE)
        assert await values(client) == {kind: mode.normal for kind, mode in MODES.items()}

    play(scene)


@pytest.mark.parametrize("kind", ["night", "template", "standing"])
def test_form_with_a_value_of_nobody_says_so(kind: str) -> None:
    async def scene(client: Client) -> None:
        path = "modes" if kind == "night" else kind
        name = "night" if kind == "night" else "value"
        form = {"who": PHONE, "template": "ready", name: "nobody's"}
        status, page = await client.page(f"/_phone/{path}", form)
        assert status == 400
        assert "phải là một trong" in page

    play(scene)


@pytest.mark.parametrize(
    ("order", "status", "text"),
    [
        ({"kind": "garbage"}, 200, '{"error": 0, "mess'),
        ({"kind": "empty"}, 200, ""),
        ({"kind": "no_error"}, 200, '{"message": "Success", "data"'),
        ({"kind": "quoted"}, 200, '{"error": "0"'),
        ({"kind": "drip", "delay_s": 0.2}, 200, '{"error": 0, "message": "Success", "data"'),
    ],
)
def test_broken_answer_hides_that_the_message_was_accepted(
    order: dict[str, Any], status: int, text: str
) -> None:
    async def scene(client: Client) -> None:
        await client.order(**order)
        headers = {"access_token": client.token}
        async with client.session.post(
            client.url + PATH, json=client.phone_send(), headers=headers
        ) as response:
            assert response.status == status
            body = await response.text()
            assert body.startswith(text) and bool(body) == bool(text)
        assert len(await client.get("/_sandbox/messages")) == 1
        await client.product.wait_for("user_received_message")

    play(scene)


@pytest.mark.parametrize("status", STATUSES)
def test_gateway_error_accepts_nothing(status: int) -> None:
    async def scene(client: Client) -> None:
        await client.order(kind="http", code=status, delay_s=0)
        headers = {"access_token": client.token}
        async with client.session.post(
            client.url + PATH, json=client.phone_send(), headers=headers
        ) as response:
            assert response.status == status
            assert response.content_type == "text/html"
        assert await client.get("/_sandbox/messages") == []

    play(scene)


def test_reset_cuts_before_anything_is_accepted() -> None:
    async def scene(client: Client) -> None:
        await client.order(kind="reset")
        with pytest.raises(aiohttp.ClientError):
            await client.post(PATH, client.phone_send())
        assert await client.get("/_sandbox/messages") == []

    play(scene)


def test_quoted_code_refuses_in_quotes() -> None:
    async def scene(client: Client) -> None:
        await client.order(kind="quoted", code=-144)
        assert (await client.post(PATH, client.phone_send()))["error"] == "-144"
        assert await client.get("/_sandbox/messages") == []

    play(scene)


ENVIRON = {
    f"ZALO_{name}": "x"
    for name in ("APP_ID", "APP_SECRET", "OA_ID", "OA_SECRET_KEY", "ACCESS_TOKEN", "REFRESH_TOKEN")
}


def test_modes_to_start_with_come_from_the_command_line() -> None:
    argv = ["--port", "1", "--templates", "t.json", "--mode", "night=clock", "--mode", "copies=2"]
    settings = read_settings(argv, ENVIRON)
    assert settings.modes == {"night": "clock", "copies": "2"}

    async def scene(client: Client) -> None:
        assert (await values(client))["night"] == "clock"
        await client.order(kind="night", value="now")
        await client.order(kind=NONE)
        assert (await values(client))["night"] == "clock"

    play(scene, modes=settings.modes)


@pytest.mark.parametrize("mode", ["night", "night=noon", "moon=full", ""])
def test_mode_that_does_not_exist_stops_the_start(mode: str) -> None:
    argv = ["--port", "1", "--templates", "t.json", "--mode", mode]
    with pytest.raises(ConfigError, match="--mode"):
        read_settings(argv, ENVIRON)
