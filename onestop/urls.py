"""The whole address space; each app brings its own part."""

from django.contrib import admin
from django.urls import include, path, re_path

from onestop import health, views

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("ngon-ngu/<str:code>/", views.set_language, name="set-language"),
    path("co-chu/<str:size>/", views.set_text_size, name="set-text-size"),
    path("_components/", views.components, name="components"),
    path("", include("offices.urls")),
    path("", include("cases.urls")),
    path("", include("notifications.urls")),
    path("api/v1/", include("cases.api.urls")),
    re_path(r"^api/", views.no_such_call),
    path("admin/", admin.site.urls),
]

handler400 = "onestop.views.bad_request"
handler403 = "onestop.views.forbidden"
handler404 = "onestop.views.not_found"
handler500 = "onestop.views.server_error"
