"""The phone page without script: open, read, answer, follow, order faults."""

from html.parser import HTMLParser
from pathlib import Path

import pytest

from sandbox.people import user_id_of
from sandbox.tests.running import NO_ZALO, PHONE, USER, Client, play

UNSAFE = '<script>alert("x")</script> & <b>'


class Reader(HTMLParser):
    """What a page consists of, for a look at its safety and its links."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


def test_page_says_that_it_is_a_mock_and_keeps_the_strict_policy() -> None:
    async def scene(client: Client) -> None:
        async with client.session.get(client.url + "/") as response:
            page = await response.text()
            policy = response.headers["Content-Security-Policy"]
        assert "MÔ PHỎNG để thử nghiệm, không phải Zalo thật" in page
        assert "unsafe" not in policy
        reader = Reader(page)
        names = {name for name, _ in reader.attributes}
        assert "style" not in reader.tags
        assert not [name for name in names if name == "style" or name.startswith("on")]

    play(scene)


def test_card_shows_words_table_and_links_into_the_product() -> None:
    async def scene(client: Client) -> None:
        await client.post("/message/template", client.phone_send("supplement"))
        status, page = await client.page("/?who=0950 000 143")
        assert status == 200
        assert "Hồ sơ còn thiếu giấy tờ" in page
        assert "<dt>Mã hồ sơ</dt><dd>H20.118-261117-0043</dd>" in page
        hrefs = [value for name, value in Reader(page).attributes if name == "href"]
        assert f"{client.world.settings.public_url}/t/q3mT1x9bV0-dLr2sKf8yAw" in hrefs

    play(scene)


def test_chat_of_a_person_joins_both_channels_and_what_they_said() -> None:
    async def scene(client: Client) -> None:
        user_id = user_id_of(PHONE)
        await client.post("/message/template", client.phone_send("ready"))
        status, page = await client.page("/_phone/say", {"who": PHONE, "text": "ho so cua toi"})
        assert status == 200
        (hook,) = await client.product.wait_for("user_send_text")
        assert hook.body["sender"] == {"id": user_id}
        text = {"text": "Xem http://127.0.0.1:8000/t/abc."}
        answer = {"recipient": {"user_id": user_id}, "message": text}
        await client.post("/v3.0/oa/message/cs", answer)
        _, page = await client.page(f"/?who={PHONE}")
        ready, said, told = (
            page.index(words) for words in ("Đã có kết quả", "ho so cua toi", '/t/abc"')
        )
        assert ready < said < told

    play(scene)


def test_text_of_others_is_escaped() -> None:
    async def scene(client: Client) -> None:
        await client.post("/_sandbox/say", {"user_id": USER, "text": UNSAFE})
        _, page = await client.page(f"/?who={USER}")
        assert UNSAFE not in page
        assert "&lt;script&gt;" in page
        assert Reader(page).tags.count("script") == 1

    play(scene)


def test_follow_and_unfollow_by_their_buttons() -> None:
    async def scene(client: Client) -> None:
        _, page = await client.page("/_phone/follow", {"who": PHONE, "follow": "1"})
        assert "đang quan tâm kênh" in page
        await client.page("/_phone/follow", {"who": PHONE, "follow": "0"})
        (hook,) = await client.product.wait_for("unfollow")
        assert hook.body["follower"] == {"id": user_id_of(PHONE)}

    play(scene)


def test_number_without_zalo_says_so_and_has_no_line_to_type_in() -> None:
    async def scene(client: Client) -> None:
        status, page = await client.page(f"/?who={NO_ZALO}")
        assert status == 200
        assert "không có Zalo" in page
        assert 'action="/_phone/say"' not in page

    play(scene)


@pytest.mark.parametrize("typed", ["12345", "0950", "xin chào", "8495000014", "=1+1"])
def test_mistyped_number_is_said_at_the_field_and_kept(typed: str) -> None:
    async def scene(client: Client) -> None:
        async with client.session.get(client.url + "/", params={"who": typed}) as response:
            page = await response.text()
            assert response.status == 400
        assert page.count("Số điện thoại gồm 10 chữ số, bắt đầu bằng 0.") == 2
        assert f'value="{typed}"' in page

    play(scene)


@pytest.mark.parametrize(
    ("form", "order"),
    [
        ({"fault": "error:-147", "scope": "this", "times": "2"}, ("error", -147, 2, PHONE)),
        ({"other": "-1124", "scope": "all"}, ("error", -1124, 1, "")),
        ({"delay": "12"}, ("delay", 0, 1, "")),
        ({"fault": "drop", "delay": "3", "scope": "this"}, ("drop", 0, 1, PHONE)),
    ],
)
def test_fault_form_orders_each_fault(
    form: dict[str, str], order: tuple[str, int, int, str]
) -> None:
    async def scene(client: Client) -> None:
        status, page = await client.page("/_phone/fault", {"who": PHONE, **form})
        assert status == 200
        assert "Đang chờ:" in page
        (row,) = await client.get("/_sandbox/faults")
        assert (row["kind"], row["code"], row["times"], row["phone"]) == order
        await client.page("/_phone/fault", {"who": PHONE, "clear": "1"})
        assert await client.get("/_sandbox/faults") == []

    play(scene)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"other": "chậm"}, "Nhập một số nguyên"),
        ({"other": "7"}, "phải là số từ"),
        ({"fault": "drop", "other": "-124"}, "Chọn một trong hai"),
        ({"fault": "error:-124", "times": "-3"}, "phải là số từ"),
        ({"fault": "error:-124", "times": "9" * 5_000}, "Nhập một số nguyên"),
    ],
)
def test_fault_form_says_what_is_wrong(form: dict[str, str], words: str) -> None:
    async def scene(client: Client) -> None:
        status, page = await client.page("/_phone/fault", {"who": PHONE, **form})
        assert status == 400
        assert words in page
        assert "Có chỗ cần sửa" in page

    play(scene)


def test_empty_answer_is_refused_at_the_line() -> None:
    async def scene(client: Client) -> None:
        status, page = await client.page("/_phone/say", {"who": PHONE, "text": "  "})
        assert status == 400
        assert "Nhập tin nhắn." in page

    play(scene)


def test_wire_log_masks_tokens_and_phones() -> None:
    async def scene(client: Client) -> None:
        await client.post("/message/template", client.phone_send())
        form = {"grant_type": "refresh_token", "refresh_token": "RT1-first-refresh-token"}
        pair = await client.oauth(**form)
        _, page = await client.page("/")
        log = page[page.index('id="live-wire"') :]
        assert "POST /message/template" in log
        assert "8495…0143" in log
        for secret in (client.token, pair["access_token"], PHONE, *form.values()):
            assert secret == "refresh_token" or secret not in log

    play(scene)


def test_style_sheets_and_script_of_the_page_are_served(tmp_path: Path) -> None:
    sheets = tmp_path / "onestop" / "css"
    sheets.mkdir(parents=True)
    (sheets / "tokens.css").write_text(":root{}", encoding="utf-8")

    async def scene(client: Client) -> None:
        _, page = await client.page("/")
        addresses = [
            value
            for name, value in Reader(page).attributes
            if name in ("href", "src") and value and value.endswith((".css", ".js"))
        ]
        assert "/static/onestop/css/tokens.css" in addresses
        for address in addresses:
            assert (await client.page(address))[0] == 200

    play(scene, static=tmp_path)
