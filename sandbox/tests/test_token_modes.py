"""Every way in which tokens are given, refused or lost (contract 1), switched while running."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from sandbox.access import proof_of
from sandbox.tests.running import ACCESS, REFRESH, SETTINGS, USER, Client, play
from sandbox.tokens import challenge_of

VERIFIER, OTHER = "A" * 43, "B" * 43
CALLBACK = f"{SETTINGS.public_url}/zalo/callback"
OA_READ, BUSINESS_READ = "/v2.0/oa/getoa", "/message/quota"


async def refresh(client: Client, token: str = REFRESH) -> Any:
    return await client.oauth(grant_type="refresh_token", refresh_token=token)


async def ask(client: Client, **query: str) -> tuple[str, dict[str, Any]]:
    """The code of the callback, or "" and the refusal."""
    params = {"app_id": SETTINGS.app_id, "redirect_uri": CALLBACK, **query}
    async with client.session.get(
        f"{client.url}/v4/oa/permission", params=params, allow_redirects=False
    ) as response:
        if response.status == 302:
            callback = urlsplit(response.headers["Location"])
            return parse_qs(callback.query)["code"][0], {}
        assert response.status == 200
        return "", await response.json()


async def exchange(client: Client, code: str, verifier: str = "") -> Any:
    form = {"grant_type": "authorization_code", "code": code}
    return await client.oauth(**form, **({"code_verifier": verifier} if verifier else {}))


@pytest.mark.parametrize(
    ("value", "lives"), [("string", "90000"), ("int", 90000), ("garbage", "soon")]
)
def test_life_is_written_as_text_number_or_nonsense(value: str, lives: object) -> None:
    async def scene(client: Client) -> None:
        await client.order(kind="expires_in", value=value)
        assert (await refresh(client))["expires_in"] == lives

    play(scene)


def test_answer_without_a_refresh_token_leaves_the_old_one_alive() -> None:
    async def scene(client: Client) -> None:
        await client.order(kind="refresh", value="without_refresh")
        for _time in range(2):
            answer = await refresh(client)
            assert "refresh_token" not in answer
            client.token = answer["access_token"]
            assert (await client.get(BUSINESS_READ))["error"] == 0
        await client.order(kind="refresh", value="normal")
        assert (await refresh(client))["refresh_token"] != REFRESH

    play(scene)


@pytest.mark.parametrize(
    ("value", "expected"),
    [("empty", None), ("invalid", (-14014, None)), ("quoted", ("-14014", ""))],
)
def test_refusal_that_is_switched_on_spends_nothing(value: str, expected: object) -> None:
    async def scene(client: Client) -> None:
        await client.order(kind="refresh", value=value)
        answer = await refresh(client)
        assert (answer and (answer["error"], answer.get("access_token"))) == expected
        await client.order(kind="refresh", value="normal")
        assert "access_token" in await refresh(client)

    play(scene)


def test_gateway_that_is_down_answers_html_and_spends_nothing() -> None:
    async def scene(client: Client) -> None:
        await client.order(kind="refresh", value="down")
        form = {
            "app_id": SETTINGS.app_id,
            "grant_type": "refresh_token",
            "refresh_token": REFRESH,
        }
        async with client.session.post(
            f"{client.url}/v4/oa/access_token",
            data=form,
            headers={"secret_key": SETTINGS.app_secret},
        ) as response:
            assert (response.status, response.content_type) == (502, "text/html")
        await client.order(kind="refresh", value="normal")
        assert "access_token" in await refresh(client)

    play(scene)


def test_pair_that_was_lost_on_the_way_has_spent_the_refresh_token() -> None:
    async def scene(client: Client) -> None:
        await client.order(kind="refresh", value="lost")
        with pytest.raises(aiohttp.ClientError):
            await refresh(client)
        await client.order(kind="refresh", value="normal")
        assert (await refresh(client))["error"] == -14014
        assert (await client.get(BUSINESS_READ))["error"] == 0

    play(scene)


@pytest.mark.parametrize(
    ("value", "expected"),
    [("error", (-14014, None)), ("quoted", ("-14014", "")), ("empty", None)],
)
def test_spent_token_is_refused_in_the_way_that_is_switched_on(
    value: str, expected: object
) -> None:
    async def scene(client: Client) -> None:
        await client.order(kind="spent", value=value)
        await refresh(client)
        answer = await refresh(client)
        assert (answer and (answer["error"], answer.get("access_token"))) == expected

    play(scene)


@pytest.mark.parametrize(("value", "codes"), [("refused", (-216, -124)), ("expired", (-220, -124))])
def test_living_token_is_refused_on_both_hosts(value: str, codes: tuple[int, int]) -> None:
    async def scene(client: Client) -> None:
        await client.order(kind="access", value=value)
        found = [(await client.get(path))["error"] for path in (OA_READ, BUSINESS_READ)]
        assert tuple(found) == codes

    play(scene)


def test_proof_of_the_secret_is_asked_for_on_both_hosts() -> None:
    async def scene(client: Client) -> None:
        await client.order(kind="proof", value="required")
        right = proof_of(ACCESS, app_secret=SETTINGS.app_secret)
        found = {}
        for proof in ("", "0" * 64, "ž", right):
            for path in (OA_READ, BUSINESS_READ):
                headers = {"access_token": ACCESS} | ({"appsecret_proof": proof} if proof else {})
                async with client.session.get(client.url + path, headers=headers) as response:
                    found[proof, path] = (await response.json())["error"]
        assert {code for (proof, _), code in found.items() if proof != right} == {-242, -1241}
        assert {code for (proof, _), code in found.items() if proof == right} == {0}

    play(scene)


def test_application_that_was_not_approved_may_do_nothing() -> None:
    async def scene(client: Client) -> None:
        await client.order(kind="app", value="inactive")
        assert (await client.get(OA_READ))["error"] == -209
        assert (await client.get(BUSINESS_READ))["error"] == -103
        _, refusal = await ask(client)
        assert (refusal["error"], refusal["error_reason"]) == (
            -14002,
            "App is not active but user is not admin",
        )

    play(scene)


def test_fixed_pkce_pair_is_the_consoles_and_not_that_of_the_request() -> None:
    async def scene(client: Client) -> None:
        await client.order(kind="pkce", value="fixed")
        own, _ = await ask(client, code_challenge=challenge_of(OTHER))
        assert (await exchange(client, own, OTHER))["error"] == -14012
        without, _ = await ask(client)
        assert "access_token" in await exchange(client, without, VERIFIER)

    play(scene, pkce_challenge=challenge_of(VERIFIER))


def test_verifier_is_asked_for_only_where_a_challenge_was_given() -> None:
    async def scene(client: Client) -> None:
        without, _ = await ask(client)
        assert "access_token" in await exchange(client, without)
        with_one, _ = await ask(client, code_challenge=challenge_of(VERIFIER))
        assert (await exchange(client, with_one))["error"] == -14012

    play(scene)


@pytest.mark.parametrize(
    ("uri", "is_taken"),
    [(CALLBACK, True), (CALLBACK + "/", False), (CALLBACK + "?a=1", False), ("", False)],
)
def test_registered_callback_must_be_equal_byte_for_byte(uri: str, is_taken: bool) -> None:
    async def scene(client: Client) -> None:
        code, refusal = await ask(client, redirect_uri=uri)
        assert bool(code) is is_taken
        assert is_taken or refusal["error"] == -14003

    play(scene, redirect_uri=CALLBACK)


def test_token_faults_hit_sends_too() -> None:
    async def scene(client: Client) -> None:
        await client.order(kind="access", value="expired")
        body = client.phone_send() | {"user_id": USER}
        sent = [
            (await client.post(path, body))["error"]
            for path in ("/message/template", "/v3.0/oa/message/template")
        ]
        assert sent == [-124, -220]
        assert await client.get("/_sandbox/messages") == []

    play(scene)
