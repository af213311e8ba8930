"""Pages of announcements and the webhook."""

from django.urls import path

from notifications.api import DossierMessagesView
from notifications.views import (
    announcement_acts,
    announcement_editing,
    announcements,
    news,
    officer_link,
    webhook,
)

_BASE = "tin-dien-rong/"
_ONE = f"{_BASE}<str:token>/"

urlpatterns = [
    path(
        "api/v1/dossiers/<str:handle>/notifications/",
        DossierMessagesView.as_view(),
        name="api-dossier-notifications",
    ),
    path("webhooks/zalo/", webhook.zalo, name="zalo-webhook"),
    path(_BASE, announcements.listing, name="announcements"),
    path(f"{_BASE}soan/<slug:kind>/", announcement_editing.new, name="announcement-new"),
    path(_ONE, announcements.show, name="announcement"),
    path(f"{_ONE}so-lieu/", announcements.numbers, name="announcement-numbers"),
    path(f"{_ONE}sua/", announcement_editing.edit, name="announcement-change"),
    path(f"{_ONE}trinh/", announcement_acts.submit, name="announcement-submit"),
    path(f"{_ONE}duyet/xac-nhan/", announcement_acts.release, name="announcement-release"),
    path(f"{_ONE}tra-lai/xac-nhan/", announcement_acts.send_back, name="announcement-send-back"),
    path(f"{_ONE}dung/xac-nhan/", announcement_acts.cancel, name="announcement-cancel"),
    path("tin/<str:token>", news.news, name="news"),
    path("tin/<str:token>/ngung", news.stop, name="news-stop"),
    path("tai-khoan/zalo/ma/", officer_link.new_code, name="officer-link-code"),
    path("tai-khoan/zalo/go/", officer_link.unlink, name="officer-unlink"),
]
