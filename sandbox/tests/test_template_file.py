"""The product's message templates, as a reviewer at Zalo would read them."""

import json
import unicodedata
from typing import Any

import pytest

from sandbox.config import ConfigError
from sandbox.templates import Param, Registry, find_problems, load
from sandbox.tests.running import SETTINGS

ENTRIES: list[dict[str, Any]] = json.loads(SETTINGS.templates.read_text(encoding="utf-8"))
DOSSIER_TABLE = {
    "Mã hồ sơ": "{ma}",
    "Thủ tục": "{thu_tuc}",
    "Cơ quan": "{co_quan}",
    "Cán bộ": "{can_bo}",
    "Hẹn trả": "{han}",
}
WITHOUT_DOSSIER = ("policy_news", "emergency")
OFFICERS = ("assigned", "due_soon", "late")
CITIZENS = [
    *("received", "handed_over"),
    *("supplement", "supplement_before", "supplement_received", "due_moved"),
    *("ready", "ready_early", "ready_post", "ready_online", "returned"),
    *("refused_intake", "refused_result", "stopped", "withdrawn", "intake_cancelled"),
]
ALL_OF_TABLE = "".join(DOSSIER_TABLE.values())


def entry(name: str) -> dict[str, Any]:
    return next(entry for entry in ENTRIES if entry["name"] == name)


def test_file_holds_every_kind_once() -> None:
    assert [entry["name"] for entry in ENTRIES] == [*CITIZENS, *WITHOUT_DOSSIER, *OFFICERS]


@pytest.mark.parametrize("name", [entry["name"] for entry in ENTRIES])
def test_template_keeps_every_limit_with_all_parameters_at_their_cap(name: str) -> None:
    found = entry(name)
    params = tuple(Param(p["name"], p["type"], p["max_length"]) for p in found["params"])
    assert find_problems(params, found["layout"]) == []


@pytest.mark.parametrize("name", CITIZENS)
def test_dossier_kind_names_agency_person_and_time_and_links_to_the_dossier(name: str) -> None:
    layout = entry(name)["layout"]
    assert {row["label"]: row["value"] for row in layout["table"]} == DOSSIER_TABLE
    view = {"label": "Xem hồ sơ", "type": "url", "url": "{base_url}/t/{token}"}
    assert view in layout["buttons"]


@pytest.mark.parametrize("name", OFFICERS)
def test_officers_kind_has_code_and_time_and_opens_the_dossier(name: str) -> None:
    layout = entry(name)["layout"]
    assert [row["label"] for row in layout["table"]] == ["Mã hồ sơ", "Hạn"]
    assert [button["label"] for button in layout["buttons"]] == ["Mở hồ sơ"]


def test_emergency_offers_a_call_for_rescue() -> None:
    button = entry("emergency")["layout"]["buttons"][0]
    assert button == {"label": "Gọi cứu hộ", "type": "phone", "phone": "112"}


def test_no_parameter_can_carry_a_name_or_an_identity_number() -> None:
    assert all(param["type"] != "name" for found in ENTRIES for param in found["params"])


def test_file_is_nfc() -> None:
    text = SETTINGS.templates.read_text(encoding="utf-8")
    assert unicodedata.is_normalized("NFC", text)


def test_ids_do_not_move_when_the_file_is_reordered() -> None:
    there = {t.name: t.id for t in Registry(ENTRIES).by_id.values()}
    back = {t.name: t.id for t in Registry(ENTRIES[::-1]).by_id.values()}
    assert there == back
    assert len(set(there.values())) == len(ENTRIES)


def test_missing_template_file_is_said_in_one_sentence() -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load(SETTINGS.templates.with_name("no-such-file.json"))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"title": "Ngắn"}, "title"),
        ({"title": "x" * 66}, "title"),
        ({"paragraphs": ["{luc} " + "y" * 400]}, "paragraph"),
        ({"paragraphs": ["Từ {luc}: {khac}"]}, "khac"),
        ({"table": [{"label": "Mã hồ sơ", "value": ALL_OF_TABLE}] * 9}, "table"),
        ({"buttons": [{"label": "Xem", "type": "url", "url": "/t/{token}"}]}, "button"),
        ({"buttons": [{"label": "Xem hồ sơ", "type": "phone", "url": "/t/{token}"}]}, "address"),
        ({"tone": "loud"}, "tone"),
    ],
)
def test_refused_layout_names_what_is_wrong(change: dict[str, Any], words: str) -> None:
    found = entry("received")
    broken = {**found, "layout": {**found["layout"], **change}}
    with pytest.raises(ConfigError, match=words):
        Registry([broken])


@pytest.mark.parametrize("broken", [{}, {"name": "x", "params": 3, "layout": {}}, None, "x"])
def test_entry_of_another_shape_is_refused_by_its_place(broken: Any) -> None:
    with pytest.raises(ConfigError, match="Template 1"):
        Registry([broken])


def test_parameter_above_the_cap_of_its_type_is_refused() -> None:
    found = entry("received")
    params = [{**param, "max_length": 999} for param in found["params"]]
    with pytest.raises(ConfigError, match="30 characters"):
        Registry([{**found, "params": params}])


def test_parameter_that_must_be_longer_than_it_may_be_is_refused() -> None:
    found = entry("received")
    params = [{**param, "min_length": 400} for param in found["params"]]
    with pytest.raises(ConfigError, match="shorter than"):
        Registry([{**found, "params": params}])


@pytest.mark.parametrize("tag", ["OTP", "", None, ["PROMOTION"]])
def test_tag_that_zalo_does_not_have_is_refused(tag: object) -> None:
    with pytest.raises(ConfigError, match="the tag"):
        Registry([{**entry("received"), "tag": tag}])
