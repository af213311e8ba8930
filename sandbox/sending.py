"""The last part of every send: the ordered fault, the message on its phone, the answer."""

import asyncio

from aiohttp import web

from sandbox.answers import note, refused, success
from sandbox.faults import DROP, ERROR, Fault
from sandbox.messages import Message
from sandbox.templates import Refusal
from sandbox.wire import mask
from sandbox.world import World

ORDERED = "lỗi đặt trước:"


async def send(
    request: web.Request, world: World, message: Message, answer: dict[str, object]
) -> web.Response:
    """Takes a checked message and answers with `answer`, unless a fault was ordered for it.

    After a drop the client finds its connection reset: the message was accepted and its receipt is
    on the way, but no byte of an answer comes.
    """
    fault = world.faults.take(phone=message.phone, user_id=message.user_id)
    if fault is not None and fault.kind == ERROR:
        note(request, **{ORDERED: f"mã {fault.code}"})
        await asyncio.sleep(fault.delay_s)
        return refused(Refusal(fault.code, "Error ordered in the sandbox"))
    world.receive(message)
    note(request, message=mask(message.msg_id))
    if fault is not None:
        await _disturb(request, fault)
    return success(answer)


async def _disturb(request: web.Request, fault: Fault) -> None:
    if fault.kind == DROP:
        note(request, **{ORDERED: "đã nhận rồi cắt kết nối"})
        await asyncio.sleep(fault.delay_s)
        if request.transport is not None:
            request.transport.abort()
        return
    note(request, **{ORDERED: f"trả lời chậm {fault.delay_s:g} giây"})
    await asyncio.sleep(fault.delay_s)
