"""The whole walk in a browser, on the demo as it starts: from the counter to the phone."""

import json
import re
from datetime import datetime, timedelta

import pypdfium2
import pytest
import zxingcpp
from playwright.sync_api import Page, expect

from onestop.tests.journeys.people import (
    ADMINISTRATOR,
    COUNTER,
    LAND_REGISTRY,
    PHONE_PX,
    People,
    Phone,
    ask,
)

pytestmark = [pytest.mark.journey, pytest.mark.processes, pytest.mark.timeout(600)]

ANNOUNCER, RELEASER = "soantin.van-phong-uy-ban-tinh", "duyettin.tinh-dong-thap"
NUMBER, NAME = "0951234561", "Nguyễn Thị Ưởng"
CARD = f"082199012345|341234567|{NAME}|14031999|Nữ|12 Ấp Bắc, Phường Mỹ Tho, Đồng Tháp|01012022"
PAPER = "Giấy chứng nhận đã cấp"
WARNED = "28249"
IN_TIME_S = 2.0

# Who is reached by which phone or account: [commune, phone, account of a linked Zalo].
CONTACTS = """
import json
from citizens.identity import international
from citizens.models import Citizen
rows = Citizen.objects.values_list("commune__code", "phone", "zalo_link__user_id")
print(json.dumps([[code, international(phone), account] for code, phone, account in rows if phone]))
"""


def test_a_land_dossier_goes_from_the_counter_to_an_early_result_on_the_phone(
    people: People,
) -> None:
    desk, phone = people.officer(COUNTER), Phone(people, NUMBER)
    people.look(desk, "queue")
    code, secret = _take_in(people, desk, phone)
    look_up = _scan_receipt(people, desk, code)

    _press(desk, code, "Chuyển bước")
    _ask_for_the_paper(people, code, phone)
    _reads(people, look_up, "lookup-missing", "cần nộp thêm 1 giấy tờ", "Tạm dừng từ", PAPER)

    _press(desk, code, "Đã nhận bổ sung")
    _walk_to_the_counter(people, code)
    _confirm_the_result(people, desk, code, phone)
    _reads(people, look_up, "lookup-early", "sớm hơn hẹn 7 ngày làm việc", "Mời Ông/Bà")

    _link_by_chat(people, phone, code, secret)


def _take_in(people: People, desk: Page, phone: Phone) -> tuple[str, str]:
    """The counter takes the dossier in; its code and its look-up code."""
    desk.goto("/tiep-nhan/")
    _read_card(desk, CARD)
    desk.fill("[name=phone]", NUMBER)
    desk.get_by_label("Đồng ý nhận tin về hồ sơ qua Zalo").check()
    _choose_procedure(desk)
    desk.focus("[data-checklist] input[type=radio] >> nth=0")
    for _paper in range(3):
        desk.keyboard.press("1")
    accept = desk.locator("#b-accept:not([aria-disabled])")
    expect(accept).to_contain_text("Tiếp nhận và in")
    people.look(desk, "intake")

    assert phone.rings("received", when=accept) < IN_TIME_S
    expect(desk.get_by_role("heading", level=1)).to_have_text("Đã tiếp nhận hồ sơ")
    people.look(desk, "accepted")
    code, secret = desk.locator(".code-big").all_inner_texts()
    assert re.fullmatch(r"H20\.\d{3}-\d{6}-\d{4}", code)
    return code, secret


def _read_card(desk: Page, card: str) -> None:
    desk.fill("[name=find]", card)
    desk.keyboard.press("Enter")
    expect(desk.locator("[data-said]")).to_contain_text("Đã đọc thẻ")
    expect(desk.locator("[name=commune]")).to_have_value("Phường Mỹ Tho")


def _choose_procedure(desk: Page) -> None:
    desk.fill("[name=procedure_words]", "tach thua")
    desk.keyboard.press("Tab")
    expect(desk.locator("#part-procedure b")).to_have_text("Tách thửa hoặc hợp thửa đất")
    desk.wait_for_selector("[data-checklist]")


def _scan_receipt(people: People, desk: Page, code: str) -> Page:
    """Downloads form 01, reads its QR, and opens it on a citizen's phone without script."""
    link = desk.get_by_role("link", name="In giấy tiếp nhận").get_attribute("href")
    answer = desk.context.request.get(link or "")
    assert answer.headers["content-type"] == "application/pdf"
    with pypdfium2.PdfDocument(answer.body()) as form:
        assert code in form[0].get_textpage().get_text_range()
        printed = form[0].render(scale=4).to_pil()
    (found,) = zxingcpp.read_barcodes(printed, formats=zxingcpp.barcode_formats_from_str("QRCode"))
    assert found.text.startswith(people.info["web"] + "/t/")

    page = people.page(width=PHONE_PX, scripts=False)
    page.goto(found.text)
    officer = people.dossier(code, told_to=COUNTER)["officer"]
    for text in ("đang giải quyết hồ sơ. Kết quả có trước 17:00, thứ", officer["name"]):
        expect(page.locator("main")).to_contain_text(text)
    expect(page.locator("main a[href^='tel:']")).to_contain_text("0277 3")
    return page


def _press(page: Page, code: str, action: str) -> None:
    """Presses an action of the dossier and says yes on the page that asks."""
    _open_action(page, code, action)
    page.locator("main form").get_by_role("button", name=action).click()
    expect(page.locator("main")).to_contain_text(f"Đã xong: {action}")


def _open_action(page: Page, code: str, action: str) -> None:
    page.goto(f"/ho-so/{code}/")
    page.locator(".actions").get_by_role("link", name=action).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(action)


def _ask_for_the_paper(people: People, code: str, phone: Phone) -> None:
    registry = people.officer(LAND_REGISTRY)
    _open_action(registry, code, "Yêu cầu bổ sung")
    registry.get_by_label(PAPER, exact=True).check()
    registry.get_by_label("Giấy tờ đã nộp là bản chụp, thủ tục cần bản chính").check()
    people.look(registry, "supplement")
    ask_for_it = registry.locator("main form").get_by_role("button", name="Yêu cầu bổ sung")
    assert phone.rings("supplement", when=ask_for_it) < IN_TIME_S
    expect(registry.locator("main")).to_contain_text("Tạm dừng từ")
    expect(phone.page.locator("main")).to_contain_text(f"Cần nộp thêm: {PAPER}.")
    registry.reload()
    people.look(registry, "dossier")


def _reads(people: People, page: Page, name: str, *words: str) -> None:
    """The citizen opens the page again and reads these words."""
    page.reload()
    for text in words:
        expect(page.locator("main")).to_contain_text(text)
    with_script = people.page()
    with_script.goto(page.url)
    people.look(with_script, name)


def _walk_to_the_counter(people: People, code: str) -> None:
    """Each officer in turn hands it over, until it is back where it began."""
    while True:
        holders = people.holders(people.dossier(code, told_to=COUNTER))
        if holders == [COUNTER]:
            return
        for username in holders:
            _press(people.officer(username), code, "Chuyển bước")


def _confirm_the_result(people: People, desk: Page, code: str, phone: Phone) -> None:
    _open_action(desk, code, "Báo có kết quả")
    expect(desk.locator("main")).to_contain_text("Sớm 7 ngày làm việc: tin nhắn sẽ nói rõ")
    desk.get_by_label("Chấp thuận", exact=True).check()
    people.look(desk, "complete")
    confirm = desk.locator("main form").get_by_role("button", name="Báo có kết quả")
    assert phone.rings("ready_early", when=confirm) < IN_TIME_S
    expect(phone.page.locator("main")).to_contain_text("Có kết quả sớm 7 ngày")
    people.look(phone.page, "phone")


def _link_by_chat(people: People, phone: Phone, code: str, secret: str) -> None:
    linked = phone.says(f"{code} {secret}")
    assert "Zalo này đã được gắn với" in linked
    assert "Tin về hồ sơ sẽ đến đây" in linked
    assert "Kết quả đã xong, sớm hơn hẹn 7 ngày làm việc." in phone.says(code)
    people.look(phone.page, "phone-chat")


def test_a_warning_reaches_the_phones_of_one_commune_only(people: People) -> None:
    author = people.officer(ANNOUNCER)
    author.goto("/tin-dien-rong/")
    author.get_by_role("link", name="Soạn cảnh báo").click()
    _write_warning(people, author)
    people.look(author, "announcement-form")
    author.get_by_role("button", name="Gửi duyệt").click()
    expect(author.locator("main")).to_contain_text("Chờ duyệt")
    address = author.url

    releaser = people.officer(RELEASER)
    releaser.goto(address)
    releaser.get_by_role("link", name="Duyệt và gửi").click()
    people.look(releaser, "announcement-release")
    people_there = _contacts_of(people, WARNED)
    releaser.get_by_role("button", name="Duyệt và gửi").click()
    sent = releaser.locator("[data-number=sent]")
    expect(sent).to_have_text(str(len(people_there)), timeout=20_000)
    people.look(releaser, "announcement")

    assert _warned(people) == people_there
    phone = Phone(people, next(one for one in sorted(people_there) if one.startswith("84")))
    expect(phone.page.locator("main")).to_contain_text("Cảnh báo lũ, ngập: phường Đạo Thạnh")
    people.look(phone.page, "phone-warning")


def _warned(people: People) -> set[str]:
    """Phones and accounts at which a warning arrived."""
    messages = ask(f"{people.info['sandbox']}/_sandbox/messages")
    warnings = [message for message in messages if message["template"] == "emergency"]
    return {message.get("phone") or message["user_id"] for message in warnings}


def _contacts_of(people: People, wanted: str) -> set[str]:
    """How the people of a commune are reached: the linked account, else the phone with Zalo."""
    shell = people.demo.command("manage.py", "shell", "--no-imports", "-c", CONTACTS)
    contacts = json.loads(shell.stdout.splitlines()[-1])
    with_zalo = [contact for contact in contacts if not contact[1].endswith("00")]
    return {account or phone for commune, phone, account in with_zalo if commune == wanted}


def _write_warning(people: People, author: Page) -> None:
    until_at = datetime.fromisoformat(people.info["clock"]) + timedelta(hours=8)
    author.select_option("[name=hazard]", "flood")
    author.select_option("[name=level]", "2")
    author.fill("[name=text]", "Kê cao đồ đạc, tắt điện, đưa người già và trẻ em lên chỗ cao")
    author.fill("[name=area]", "phường Đạo Thạnh")
    author.fill("[name=expires_at]", f"{until_at:%Y-%m-%dT%H:%M}")
    author.fill("#commune-find", "dao thanh")
    author.get_by_label("Phường Đạo Thạnh").check()
    expect(author.locator("#preview")).to_contain_text("Gọi cứu hộ")


def test_a_day_off_added_by_an_administrator_moves_the_next_due_date(people: People) -> None:
    desk = people.officer(COUNTER)
    before = _due(desk)
    today = datetime.fromisoformat(people.info["clock"]).date()
    day = next(d for n in range(5, 9) if (d := today + timedelta(days=n)).weekday() < 5)

    admin = people.officer(ADMINISTRATOR)
    admin.goto("/admin/offices/calendarday/add/")
    admin.fill("[name=date]", f"{day:%d/%m/%Y}")
    admin.select_option("[name=kind]", "off")
    admin.fill("[name=name]", "Nghỉ bù")
    admin.fill("[name=legal_reference]", "Thông báo của Ủy ban nhân dân tỉnh")
    people.look(admin, "admin-day-off")
    admin.click("[name=_save]")
    expect(admin.locator(".messagelist")).to_contain_text("Nghỉ bù")
    people.look(admin, "admin-calendar")

    assert _due(desk) > before


def _due(desk: Page) -> datetime:
    """The due date that a new dossier would get, as the intake page says."""
    desk.goto("/tiep-nhan/")
    _read_card(desk, CARD)
    _choose_procedure(desk)
    text = desk.locator("#check .due-big").inner_text()
    hour, day = text.split(",")[0], text.split()[-1]
    return datetime.strptime(f"{day} {hour}", "%d/%m/%Y %H:%M")
