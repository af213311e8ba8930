"""The people of the journeys and what they do on their pages."""

import json
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import gettext, pgettext
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request

from cases.tests.api_caller import applicant_body, intake_body
from citizens.tests.cast import phone_of
from onestop.tests.browsing import broken_rules, complaints_of, sideways_px
from onestop.tests.pictures import keep
from onestop.tests.running_demo import RunningDemo

COUNTER, LAND_REGISTRY = "mc.28261", "cv.van-phong-dang-ky-dat-dai-my-tho"
LEADER = "ld.van-phong-dang-ky-dat-dai-my-tho"
ADMINISTRATOR = "quantri.van-phong-uy-ban-tinh"
PHONE = phone_of(1)
PHONE_PX, DESK_PX = 360, 1366
_HEIGHT_PX = 768
_LOCALES = {"vi": "vi-VN", "en": "en-GB"}
_WAIT_MS = 20_000


@dataclass(frozen=True)
class Reader:
    """Who reads: the language of the screen and the width of the window in px."""

    language: str = "vi"
    width: int = DESK_PX

    def words(self, message: str, *, verb: bool = False) -> str:
        """A message of the product in the reader's language; `verb` for what stands on buttons."""
        with translation.override(self.language):
            return pgettext("action", message) if verb else gettext(message)

    def __str__(self) -> str:
        return f"{self.language} at {self.width} px"


class People:
    """Everybody who sits before a screen, in one language and at one width."""

    def __init__(
        self, browser: Browser, demo: RunningDemo, pictures: Path | None, reader: Reader
    ) -> None:
        self.demo, self.info, self.reader = demo, demo.info, reader
        self._browser, self._pictures = browser, pictures
        self._contexts: list[BrowserContext] = []
        self._officers: dict[str, Page] = {}
        self._listening: list[tuple[Page, list[str]]] = []
        self._without_scripts: list[Page] = []
        self._found: list[str] = []

    def page(self, *, width: int | None = None, scripts: bool = True) -> Page:
        """A new browser, set to the reader's language and width."""
        context = self._browser.new_context(
            base_url=self.info["web"],
            locale=_LOCALES[self.reader.language],
            timezone_id="Asia/Ho_Chi_Minh",
            viewport={"width": width or self.reader.width, "height": _HEIGHT_PX},
            java_script_enabled=scripts,
        )
        context.set_default_timeout(_WAIT_MS)
        self._contexts.append(context)
        page = context.new_page()
        self._listening.append((page, complaints_of(page)))
        if not scripts:
            self._without_scripts.append(page)
        return page

    def officer(self, username: str, *, scripts: bool = True) -> Page:
        """The officer's page; signed in when they are seen for the first time."""
        if username not in self._officers:
            page = self.page(scripts=scripts)
            page.goto("/dang-nhap/")
            page.fill("[name=username]", username)
            page.fill("[name=password]", self._user(username)["password"])
            self.passes(page, "sign-in")
            page.locator("main form button[type=submit]").click()
            page.wait_for_url(lambda url: "dang-nhap" not in url)
            self._officers[username] = page
        return self._officers[username]

    def look(self, page: Page, name: str) -> None:
        """Tries a page at both widths: rules of access, nothing too wide; keeps its picture."""
        for width in (PHONE_PX, DESK_PX):
            page.set_viewport_size({"width": width, "height": _HEIGHT_PX})
            wrong = broken_rules(page)
            if wider := sideways_px(page):
                wrong.append(f"{wider} px too wide")
            self._found += [f"{name} at {width} px: {text}" for text in wrong]
            if self._pictures:
                keep(page, self._pictures / f"{name}-{width}.png")

    def passes(self, page: Page, name: str) -> None:
        """Goes by a page: it speaks the reader's language and breaks no rule at their width."""
        page.wait_for_load_state()
        shown = page if page not in self._without_scripts else self._with_tools(page)
        wrong = broken_rules(shown)
        if wider := sideways_px(shown):
            wrong.append(f"{wider} px too wide")
        if shown is not page:
            shown.close()
        if (spoken := page.get_attribute("html", "lang")) != self.reader.language:
            wrong.append(f"speaks {spoken}")
        self._found += [f"{name}, {self.reader}: {text}" for text in wrong]

    def _with_tools(self, page: Page) -> Page:
        """The same document and styles where tools may run and the page's own scripts may not."""
        document = page.content()
        twin = self.page()
        twin.route("**/*.js", lambda route: route.abort())
        twin.route(page.url, lambda route: route.fulfill(body=document, content_type="text/html"))
        self._listening.pop()  # what it misses is meant to be missing
        twin.goto(page.url)
        return twin

    def leave(self) -> list[str]:
        """Closes all pages; everything that was wrong on any of them."""
        for page, said in self._listening:
            self._found += [f"up to {page.url}: {text}" for text in said]
        for context in self._contexts:
            context.close()
        return self._found

    def take_in(self) -> dict[str, Any]:
        """A land dossier with all papers, handed in at the counter, as the API answers."""
        number = time.time_ns() % 10**5
        person = applicant_body(number, phone=PHONE)
        return self._call(COUNTER, "dossiers/", intake_body(applicant=person))

    def walk_to(self, code: str, role: str) -> dict[str, Any]:
        """Hands the dossier over until a step of the role is open; the dossier then."""
        while True:
            dossier = self.dossier(code, told_to=COUNTER)
            if any(step["role"] == role for step in dossier["steps"]):
                return dossier
            for username in self.holders(dossier):
                seen = self.dossier(code, told_to=username)
                moved = {"version": seen["version"]}
                self._call(username, f"dossiers/{code}/actions/hand_over/", moved)

    def _call(self, username: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        headers = {
            "Authorization": f"Token {self._user(username)['api_token']}",
            "Content-Type": "application/json",
        }
        address = f"{self.info['web']}/api/v1/{path}"
        answer: dict[str, Any] = ask(address, body=body, headers=headers)
        return answer

    def dossier(self, code: str, *, told_to: str) -> dict[str, Any]:
        """The dossier as the API tells it to this officer."""
        address = f"{self.info['web']}/api/v1/dossiers/{code}/"
        token = self._user(told_to)["api_token"]
        found: dict[str, Any] = ask(address, headers={"Authorization": f"Token {token}"})
        return found

    def holders(self, dossier: dict[str, Any]) -> list[str]:
        """Usernames of those who have its open steps, or may take them."""
        found = [step["officer"] or self._for_step(step) for step in dossier["steps"]]
        return [user["username"] for user in found]

    def _for_step(self, step: dict[str, Any]) -> dict[str, Any]:
        return self.demo.user(step["role"], office=step["office"])

    def _user(self, username: str) -> dict[str, Any]:
        users: list[dict[str, Any]] = self.info["users"]
        return next(user for user in users if user["username"] == username)


class Phone:
    """A citizen's telephone, as the local Zalo shows it."""

    def __init__(self, people: People, number: str) -> None:
        self._sandbox = str(people.info["sandbox"])
        self._clock_offset_s = people.demo.clock_offset_s
        self.wire = "84" + number.removeprefix("0").removeprefix("84")
        self.page = people.page()
        self.page.goto(f"{self._sandbox}/?who={self.wire}")
        self.user_id = self.page.locator("dt:text-is('Mã người dùng') + dd").inner_text()

    def messages(self, template: str) -> list[dict[str, Any]]:
        """What arrived of this template, oldest first."""
        query = urllib.parse.urlencode({"phone": self.wire})
        found = ask(f"{self._sandbox}/_sandbox/messages?{query}")
        return [message for message in found if message["template"] == template]

    def answers(self) -> list[str]:
        """What the official account wrote in the chat, oldest first."""
        query = urllib.parse.urlencode({"user_id": self.user_id})
        found = ask(f"{self._sandbox}/_sandbox/messages?{query}")
        return [message["text"] for message in found if message["channel"] == "chat"]

    def says(self, text: str) -> str:
        """Writes to the official account and waits for its answer."""
        before = len(self.answers())
        ask(f"{self._sandbox}/_sandbox/say", body={"user_id": self.user_id, "text": text})
        until(lambda: len(self.answers()) > before, f"an answer to {text!r}")
        return self.answers()[-1]

    def rings(self, template: str, *, when: Locator) -> float:
        """Seconds from the press of a button to the message that it makes arrive here."""
        before = len(self.messages(template))
        with when.page.expect_request(_is_form) as sent:
            when.click()
        until(lambda: len(self.messages(template)) > before, f"the message {template}")
        arrived = datetime.fromisoformat(self.messages(template)[-1]["received_at"]).timestamp()
        return arrived - self._clock_offset_s - sent.value.timing["startTime"] / 1000


def _is_form(request: Request) -> bool:
    return request.method == "POST" and request.is_navigation_request()


def until(condition: Callable[[], bool], what: str, *, limit_s: float = 20.0) -> None:
    """Waits until it is so; fails by its name when it does not come."""
    end = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < end, f"still no sign of {what} after {limit_s} s"
        time.sleep(0.05)


def ask(
    address: str, *, body: dict[str, Any] | None = None, headers: dict[str, str] | None = None
) -> Any:
    """The JSON that an address answers; with a body it is posted there."""
    sent = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address, data=sent, headers=headers or {})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.loads(answer.read())
