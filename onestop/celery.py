"""The Celery application. Tasks carry ids or nothing; rows carry the work."""

import os

from celery import Celery

from notifications import bootstep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onestop.settings")

app = Celery("onestop")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.imports = ("notifications.tasks",)
bootstep.install(app)
