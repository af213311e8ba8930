"""The navigation at the side of officers' pages: queues with live counts, and other places."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from cases.selectors.queues import MOST_COUNTED, QUEUES, Viewer
from common.numbers import grouped
from offices.kinds import Role
from offices.requests import OfficerRequest

Link = dict[str, Any]


def side_nav(
    request: OfficerRequest, viewer: Viewer, numbers: Mapping[str, int], current: str = ""
) -> list[dict[str, Any]]:
    """Groups of links for components/side_nav.html; `current` is the key of the queue shown."""
    queues = [
        {
            "label": queue.label,
            "url": queue_url(queue.key),
            "count": counted(numbers[queue.key]),
            "tone": queue.tone if numbers[queue.key] else "",
            "current": queue.key == current,
        }
        for queue in QUEUES
    ]
    more = {"title": _("More"), "items": list(_places(request, viewer))}
    return [{"title": _("Queues"), "items": queues}, more] if viewer.has_queues else [more]


def home_without_queues(request: OfficerRequest) -> str:
    """Where an officer without queues begins: what an upper app offers, or the administration."""
    links = (link for name in settings.WORKSPACE_LINKS for link in import_string(name)(request))
    own = reverse("admin:index") if request.user.is_staff else reverse("profile")
    return next((url for _label, url in links), own)


def queue_url(key: str) -> str:
    """The address of a queue."""
    return f"{reverse('workspace')}?queue={key}"


def counted(number: int) -> str:
    """A count as people read it, "more than 1,000" beyond that."""
    if number > MOST_COUNTED:
        return _("over %(n)s") % {"n": grouped(MOST_COUNTED)}
    return grouped(number)


def _places(request: OfficerRequest, viewer: Viewer) -> Iterator[Link]:
    if any(role == Role.FRONT_DESK for _office, role in viewer.pairs):
        yield _link(_("Take in a dossier"), reverse("intake"))
    for name in settings.WORKSPACE_LINKS:
        for label, url in import_string(name)(request):
            yield _link(label, url)
    yield _link(_("My account"), reverse("profile"))
    if request.user.is_staff:
        yield _link(_("Administration"), reverse("admin:index"))


def _link(label: str, url: str) -> Link:
    return {"label": label, "url": url, "count": "", "tone": "", "current": False}
