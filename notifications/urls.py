"""Pages of announcements and the webhook."""

from django.urls import path

from notifications.api import DossierMessagesView
from notifications.views import webhook

urlpatterns = [
    path(
        "api/v1/dossiers/<str:handle>/notifications/",
        DossierMessagesView.as_view(),
        name="api-dossier-notifications",
    ),
    path("webhooks/zalo/", webhook.zalo, name="zalo-webhook"),
]
