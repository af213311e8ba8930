"""`POST /_sandbox/faults` and the page's forms: one door to everything in `fault_table`."""

from collections.abc import Mapping
from typing import Any

from sandbox import events
from sandbox.fault_table import MODES, NONE, PERSON, STANDINGS, TEMPLATE, TEMPLATE_STATES
from sandbox.modes import BadFault
from sandbox.people import USER_ID, has_zalo, user_id_of, wire_phone
from sandbox.world import World

REASON = "Đổi trong phần mô phỏng"


def switch(world: World, data: Mapping[str, Any]) -> None:
    """Does what an order says; BadFault in Vietnamese when it cannot be taken.

    `{"kind", "value"}` for modes, with `phone` or `user_id` for person, with `template` (its name)
    for template; everything else is an order for the sends to come. none without a phone takes
    back everything.
    """
    kind = data.get("kind")
    if isinstance(kind, str) and kind in MODES:
        world.modes.set(kind, data.get("value"))
    elif kind == PERSON:
        _stand(world, data)
    elif kind == TEMPLATE:
        _change_template(world, data)
    else:
        world.faults.order(data)
        if kind == NONE and not data.get("phone"):
            take_back_all(world)
    world.wire.touch()


def take_back_all(world: World) -> None:
    """Everything as it was at the start; templates say so to the product."""
    world.faults.clear()
    world.modes.reset()
    for person in world.people.all():
        person.standing = "normal"
    for template in world.templates.by_id.values():
        _set_state(world, template.name, next(iter(TEMPLATE_STATES)))


def _stand(world: World, data: Mapping[str, Any]) -> None:
    value = data.get("value")
    if not isinstance(value, str) or value not in STANDINGS:
        raise BadFault(f"Giá trị của person phải là một trong: {', '.join(STANDINGS)}.")
    phone, user_id = wire_phone(data.get("phone")), data.get("user_id")
    if phone is not None and has_zalo(phone):
        user_id = user_id_of(phone)
    if not isinstance(user_id, str) or not USER_ID.fullmatch(user_id):
        raise BadFault("Phải có phone (dạng 84…, có Zalo) hoặc user_id (chuỗi chữ số).")
    world.people.meet(user_id, phone=phone or "").standing = value


def _change_template(world: World, data: Mapping[str, Any]) -> None:
    name, value = data.get("template"), data.get("value")
    if not isinstance(value, str) or value not in TEMPLATE_STATES:
        raise BadFault(f"Giá trị của template phải là một trong: {', '.join(TEMPLATE_STATES)}.")
    if world.templates.by_name(name) is None:
        raise BadFault("Không có mẫu tin nào tên như vậy; template phải là tên một mẫu.")
    _set_state(world, str(name), value)


def _set_state(world: World, name: str, state: str) -> None:
    """Switches a template; a change of its status on the wire is an event."""
    template = world.templates.by_name(name)
    if template is None:
        return
    before = world.templates.status_of(template)
    world.templates.set_state(template, state)
    after = world.templates.status_of(template)
    if after != before:
        world.webhooks.send(
            events.template_changed(
                oa_id=world.settings.oa_id,
                template_id=template.id,
                before=before,
                after=after,
                reason=REASON,
            )
        )
