"""Tokens: exchange with PKCE, rotation, refusals, and that a restart keeps them."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from sandbox.clock import Clock
from sandbox.tests.running import ACCESS, REFRESH, SETTINGS, USER, Client, Hands, play
from sandbox.tokens import challenge_of

VERIFIER, CHALLENGE = "A" * 43, "DwBzhbb51LfusnSGBa_hqYSgo7-j8BTQnip4TOnlzRo"
CALLBACK = f"{SETTINGS.public_url}/zalo/callback"


async def refresh(client: Client, token: str) -> Any:
    return await client.oauth(grant_type="refresh_token", refresh_token=token)


async def grant(client: Client, **query: str) -> dict[str, list[str]]:
    """The query of the callback to which the permission page leads."""
    async with client.session.get(
        f"{client.url}/v4/oa/permission",
        params={"app_id": SETTINGS.app_id, "redirect_uri": CALLBACK, **query},
        allow_redirects=False,
    ) as response:
        assert response.status == 302
        assert response.headers["Location"].startswith(CALLBACK + "?")
        return parse_qs(urlsplit(response.headers["Location"]).query)


def test_challenge_is_that_of_the_contract() -> None:
    assert challenge_of(VERIFIER) == CHALLENGE


def test_code_is_exchanged_once_with_its_verifier() -> None:
    async def scene(client: Client) -> None:
        callback = await grant(client, code_challenge=CHALLENGE, state="s1")
        assert callback["state"] == ["s1"]
        assert callback["oa_id"] == [SETTINGS.oa_id]
        form = {"grant_type": "authorization_code", "code": callback["code"][0]}
        pair = await client.oauth(**form, code_verifier=VERIFIER)
        assert pair["expires_in"] == "90000"
        client.token = pair["access_token"]
        assert (await client.get("/v2.0/oa/getoa"))["error"] == 0
        assert (await client.oauth(**form, code_verifier=VERIFIER))["error"] == -14012

    play(scene)


def test_wrong_verifier_and_a_code_of_eleven_minutes_are_refused() -> None:
    hands = Hands()

    async def scene(client: Client) -> None:
        wrong = await grant(client, code_challenge=CHALLENGE)
        late = await grant(client, code_challenge=CHALLENGE)
        form = {"grant_type": "authorization_code", "code": wrong["code"][0]}
        assert (await client.oauth(**form, code_verifier="B" * 43))["error"] == -14012
        hands.now_s += 660
        form["code"] = late["code"][0]
        assert (await client.oauth(**form, code_verifier=VERIFIER))["error"] == -14012

    play(scene, clock=Clock(source=hands))


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ({"app_id": "1", "redirect_uri": CALLBACK}, -14002),
        ({"app_id": SETTINGS.app_id, "redirect_uri": "https://elsewhere.example/"}, -14003),
        ({"app_id": SETTINGS.app_id}, -14003),
    ],
)
def test_permission_is_refused_by_its_code(query: dict[str, str], error: int) -> None:
    async def scene(client: Client) -> None:
        assert (await client.get("/v4/oa/permission", **query))["error"] == error

    play(scene)


def test_refresh_token_rotates_and_the_old_access_token_lives_on() -> None:
    async def scene(client: Client) -> None:
        first = await refresh(client, REFRESH)
        second = await refresh(client, first["refresh_token"])
        assert len({REFRESH, first["refresh_token"], second["refresh_token"]}) == 3
        for token in (ACCESS, first["access_token"], second["access_token"]):
            client.token = token
            assert (await client.get("/message/quota"))["error"] == 0

    play(scene)


@pytest.mark.parametrize(
    ("mode", "answer"), [("error", -14014), ("quoted", "-14014"), ("empty", None)]
)
def test_spent_refresh_token_is_refused_in_each_way_seen_live(mode: str, answer: object) -> None:
    async def scene(client: Client) -> None:
        await refresh(client, REFRESH)
        again = await refresh(client, REFRESH)
        assert (again and again["error"]) == answer
        assert (await refresh(client, "never-existed"))["error"] == -14014

    play(scene, spent_refresh=mode)


def test_refresh_token_dies_after_three_months_and_access_token_after_25_hours() -> None:
    hands = Hands()

    async def scene(client: Client) -> None:
        hands.now_s += 90_001
        assert (await client.get("/message/quota"))["error"] == -124
        hands.now_s += 90 * 86_400
        assert (await refresh(client, REFRESH))["error"] == -14014

    play(scene, clock=Clock(source=hands))


def test_wrong_app_secret_or_grant_is_refused() -> None:
    async def scene(client: Client) -> None:
        form = {"grant_type": "refresh_token", "refresh_token": REFRESH}
        assert (await client.oauth(**form, secret="wrong"))["error"] == -14004
        assert (await client.oauth(**form | {"app_id": "1"}))["error"] == -14002
        assert (await client.oauth(grant_type="password"))["error"] == -14001
        assert "access_token" in await client.oauth(**form)

    play(scene)


def test_restart_keeps_the_rotated_pair_and_does_not_revive_the_first(tmp_path: Path) -> None:
    state = tmp_path / "sandbox.json"
    kept: dict[str, str] = {}

    async def before(client: Client) -> None:
        kept.update(await refresh(client, REFRESH))
        assert state.exists()

    async def after(client: Client) -> None:
        client.token = kept["access_token"]
        assert (await client.get("/message/quota"))["error"] == 0
        assert (await refresh(client, REFRESH))["error"] == -14014
        assert "access_token" in await refresh(client, kept["refresh_token"])

    play(before, state=state)
    play(after, state=state)


@pytest.mark.parametrize("text", ['{"tokens": ', "[" * 100_000])
def test_damaged_state_file_is_put_aside(tmp_path: Path, text: str) -> None:
    state = tmp_path / "sandbox.json"
    state.write_text(text, encoding="utf-8")

    async def scene(client: Client) -> None:
        assert (await client.get("/message/quota"))["error"] == 0

    play(scene, state=state)
    assert state.with_suffix(".damaged").exists()


def test_state_of_an_earlier_release_is_read(tmp_path: Path) -> None:
    state = tmp_path / "sandbox.json"
    person = {"user_id": USER, "phone": "", "follows": True, "last_interaction_ms": 0}
    tokens: dict[str, Any] = {"access": {}, "refresh": {}, "spent": {}}
    data = {"tokens": tokens, "people": [person], "messages": []}
    state.write_text(json.dumps(data), encoding="utf-8")

    async def scene(client: Client) -> None:
        (row,) = await client.get("/_sandbox/people")
        assert (row["user_id"], row["follows"], row["standing"]) == (USER, True, "normal")

    play(scene, state=state)
    assert not state.with_suffix(".damaged").exists()
