"""The last part of every send: the ordered fault, the message on its phone, the answer."""

import asyncio
import json
from collections.abc import Callable

from aiohttp import web

from sandbox.answers import note, refused, success
from sandbox.fault_table import (
    DRIP,
    DROP,
    EMPTY,
    ERROR,
    GARBAGE,
    HTTP,
    NO_ERROR,
    ORDERS,
    QUOTED,
    RESET,
)
from sandbox.faults import Fault
from sandbox.messages import Message
from sandbox.templates import Refusal
from sandbox.wire import mask
from sandbox.world import World

ORDERED = "lỗi đặt trước:"
REFUSAL_TEXT = "Error ordered in the sandbox"
GATEWAY_PAGE = "<html><body><h1>{status}</h1><p>zalo-gateway</p></body></html>"
DRIP_EACH_S = 0.1


async def send(
    request: web.Request, world: World, message: Message, accept: Callable[[], dict[str, object]]
) -> web.StreamResponse:
    """Takes a checked message unless a fault was ordered for it.

    `accept` counts it against its quota and gives the answer; what is refused costs nothing.

    After a drop the client finds its connection reset: the message was accepted and its receipt is
    on the way, but no byte of an answer comes.
    """
    fault = world.faults.take(phone=message.phone, user_id=message.user_id)
    if fault is None:
        answer = accept()
        await world.receive(message)
        note(request, message=mask(message.msg_id))
        return success(answer)
    note(request, **{ORDERED: _in_words(fault)})
    if fault.kind in (ERROR, RESET, HTTP) or (fault.kind == QUOTED and fault.code):
        await asyncio.sleep(fault.delay_s)
        return _refuse(request, fault)
    answer = accept()
    await world.receive(message)
    note(request, message=mask(message.msg_id))
    return await _answer_badly(request, fault, answer)


def cut(request: web.Request) -> web.Response:
    """Resets the connection; the answer given back never leaves."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


def _refuse(request: web.Request, fault: Fault) -> web.Response:
    """The ways in which nothing was accepted."""
    if fault.kind == RESET:
        return cut(request)
    if fault.kind == HTTP:
        return gateway_error(fault.code, retry_after_s=fault.delay_s)
    if fault.kind == QUOTED:
        return _text(json.dumps({"error": str(fault.code), "message": REFUSAL_TEXT}))
    return refused(Refusal(fault.code, REFUSAL_TEXT))


def gateway_error(status: int, *, retry_after_s: float = 0.0) -> web.Response:
    """An HTML page of the gateway in front of Zalo."""
    response = web.Response(
        status=status, text=GATEWAY_PAGE.format(status=status), content_type="text/html"
    )
    if retry_after_s:
        response.headers["Retry-After"] = str(int(retry_after_s))
    return response


async def _answer_badly(
    request: web.Request, fault: Fault, answer: dict[str, object]
) -> web.StreamResponse:
    """The ways in which it was accepted and the answer is late, broken or never comes."""
    good = {"error": 0, "message": "Success", "data": answer}
    if fault.kind == DRIP:
        return await _drip(request, json.dumps(good).encode(), within_s=fault.delay_s or 30.0)
    await asyncio.sleep(fault.delay_s)
    if fault.kind == DROP:
        return cut(request)
    texts = {
        EMPTY: "",
        GARBAGE: '{"error": 0, "mess',
        NO_ERROR: json.dumps({"message": "Success", "data": answer}),
        QUOTED: json.dumps(good | {"error": "0"}),
    }
    return _text(texts[fault.kind]) if fault.kind in texts else success(answer)


async def _drip(request: web.Request, raw: bytes, *, within_s: float) -> web.StreamResponse:
    """Sends byte after byte, so that no pause is long and the answer is late all the same."""
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    response.content_length = len(raw)
    await response.prepare(request)
    steps = max(1, min(len(raw), int(within_s / DRIP_EACH_S)))
    size = -(-len(raw) // steps)
    for start in range(0, len(raw), size):
        await response.write(raw[start : start + size])
        await asyncio.sleep(within_s / steps)
    return response


def _text(text: str) -> web.Response:
    return web.Response(text=text, content_type="application/json")


def _in_words(fault: Fault) -> str:
    words = ORDERS[fault.kind]
    words = words[0].lower() + words[1:]
    return f"{words} ({fault.code})" if fault.code else words
