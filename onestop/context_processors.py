"""What every page of the portal needs to know, under the one name `portal`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from common import clock

TEXT_SIZE_COOKIE = "onestop_text_size"
TEXT_SIZES = ("m", "l", "xl")


@dataclass(frozen=True)
class Portal:
    """The portal as one request sees it. Names of the authority are data, Vietnamese always."""

    request: HttpRequest
    name: str = "Một cửa Đồng Tháp"
    authority: str = "Ủy ban nhân dân tỉnh Đồng Tháp"
    centre: str = "Trung tâm Phục vụ hành chính công tỉnh"
    sites: tuple[str, ...] = (
        "Cơ sở 1: 377 Hùng Vương, phường Đạo Thạnh",
        "Cơ sở 2: 10 Lê Thị Riêng, phường Cao Lãnh",
    )

    @property
    def hotline(self) -> str:
        """The number that each page and each error offers."""
        return str(settings.HOTLINE)

    @property
    def is_demo(self) -> bool:
        """True on a trial installation: a stripe says so."""
        return bool(settings.DEMO)

    @property
    def shifted_clock(self) -> datetime | None:
        """The business time where it is not the real one, else None."""
        return clock.now() if clock.is_shifted() else None

    @property
    def here(self) -> str:
        """This page's address, for links that come back to it."""
        if self.request.method in ("GET", "HEAD"):
            return self.request.get_full_path()
        return self.request.path

    @property
    def text_size(self) -> str:
        """m, l or xl, as the visitor chose it."""
        size = self.request.COOKIES.get(TEXT_SIZE_COOKIE, "m")
        return size if size in TEXT_SIZES else "m"

    @property
    def base(self) -> str:
        """The frame for a page that both kinds of visitors can reach."""
        user = getattr(self.request, "user", None)
        return "staff.html" if user is not None and user.is_authenticated else "citizen.html"


def portal(request: HttpRequest) -> dict[str, Any]:
    """The context processor; nothing is read from the database before a template asks."""
    return {"portal": Portal(request)}
