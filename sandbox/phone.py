"""The phone page: open a phone, read, write back, follow, order faults. Needs no script."""

from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from sandbox.answers import read_form
from sandbox.fault_form import BadForm, order_from
from sandbox.fault_table import NONE, PERSON, TEMPLATE
from sandbox.mode_forms import modes_from
from sandbox.modes import BadFault
from sandbox.page import Input, Subject, render, see_all, subject_of
from sandbox.people import USER_ID, typed_phone
from sandbox.switches import switch
from sandbox.templates import nfc
from sandbox.world import WORLD, World

MAX_TEXT = 2_000
SHORTEST_TYPED_ID = 12
SAMPLE_IMAGE = "https://example.vn/anh-thu-nghiem.jpg"

routes = web.RouteTableDef()


@routes.get("/")
async def show(request: web.Request) -> web.StreamResponse:
    """The page; opening somebody's phone shows them their messages, so these count as seen."""
    world = request.app[WORLD]
    typed = request.query.get("who", "").strip()
    if not typed:
        return _page(world, None, Input())
    who = _read_who(world, typed)
    if who is None:
        words = "Số điện thoại gồm 10 chữ số, bắt đầu bằng 0."
        return _page(world, None, Input({"who": typed}, {"who": words}))
    subject = subject_of(world, who)
    if subject.user_id:
        world.pick_up(subject.user_id, phone=subject.phone)
        see_all(world, subject)
    return _page(world, subject, Input())


@routes.get("/_phone/revision")
async def revision(request: web.Request) -> web.StreamResponse:
    """A number that grows with each change; the page's script asks for it."""
    return web.json_response({"revision": request.app[WORLD].wire.revision})


@routes.post("/_phone/say")
async def say(request: web.Request) -> web.StreamResponse:
    """Sends what was typed."""
    world = request.app[WORLD]
    form = await read_form(request)
    subject = _subject(world, form)
    text = form.get("text", "").strip()
    if subject is None or not subject.user_id:
        return _back("")
    image = SAMPLE_IMAGE if "image" in form else ""
    if not (text or image) or len(nfc(text)) > MAX_TEXT:
        words = "Nhập tin nhắn." if not text else "Tin nhắn dài nhất 2.000 ký tự."
        return _page(world, subject, Input({"text": text}, {"say-text": words}))
    world.say(subject.user_id, text, image=image)
    return _back(subject.who)


@routes.post("/_phone/follow")
async def follow(request: web.Request) -> web.StreamResponse:
    """Follows or leaves the official account."""
    world = request.app[WORLD]
    form = await read_form(request)
    subject = _subject(world, form)
    if subject is None or not subject.user_id:
        return _back("")
    world.follow(subject.user_id, follows=form.get("follow") == "1")
    return _back(subject.who)


@routes.post("/_phone/fault")
async def fault(request: web.Request) -> web.StreamResponse:
    """Orders a fault for the sends to come, or takes all back."""
    world = request.app[WORLD]
    form = await read_form(request)
    subject = _subject(world, form)
    try:
        if "clear" in form:
            switch(world, {"kind": NONE})
        else:
            switch(world, order_from(form, phone=subject.phone if subject else ""))
    except BadForm as error:
        return _page(world, subject, Input(form, {error.field_id: str(error)}))
    except BadFault as error:
        return _page(world, subject, Input(form, {"fault-fault": str(error)}))
    return _back(subject.who if subject else "")


@routes.post("/_phone/modes")
async def modes(request: web.Request) -> web.StreamResponse:
    """Switches every mode as the form has it."""
    form = await read_form(request)
    return _switch_all(
        request, form, [{"kind": kind, "value": value} for kind, value in modes_from(form).items()]
    )


@routes.post("/_phone/template")
async def template(request: web.Request) -> web.StreamResponse:
    """Changes how a template stands."""
    form = await read_form(request)
    order = {"kind": TEMPLATE, "template": form.get("template"), "value": form.get("value")}
    return _switch_all(request, form, [order])


@routes.post("/_phone/standing")
async def standing(request: web.Request) -> web.StreamResponse:
    """Changes how the person on the phone stands."""
    form = await read_form(request)
    subject = _subject(request.app[WORLD], form)
    user_id = subject.user_id if subject else ""
    order = {"kind": PERSON, "user_id": user_id, "value": form.get("value")}
    return _switch_all(request, form, [order])


def _switch_all(
    request: web.Request, form: dict[str, str], orders: list[dict[str, Any]]
) -> web.StreamResponse:
    world = request.app[WORLD]
    subject = _subject(world, form)
    try:
        for order in orders:
            switch(world, order)
    except BadFault as error:
        return _page(world, subject, Input({}, {"mode-title": str(error)}))
    return _back(subject.who if subject else "")


def _read_who(world: World, typed: str) -> str | None:
    """A wire phone or a user id; short digits count as a user id only when somebody has it."""
    phone = typed_phone(typed)
    if phone is not None:
        return phone
    is_id = USER_ID.fullmatch(typed) is not None
    if is_id and (len(typed) >= SHORTEST_TYPED_ID or world.people.find(typed)):
        return typed
    return None


def _subject(world: World, form: dict[str, str]) -> Subject | None:
    who = _read_who(world, form.get("who", "").strip())
    return None if who is None else subject_of(world, who)


def _page(world: World, subject: Subject | None, form: Input) -> web.Response:
    return web.Response(
        text=render(world, subject, form),
        content_type="text/html",
        charset="utf-8",
        status=400 if form.errors else 200,
    )


def _back(who: str) -> web.Response:
    where = "/?" + urlencode({"who": who}) if who else "/"
    return web.Response(status=303, headers={"Location": where})
