from typing import Any

from django.db import migrations, models

from notifications.services.chat_answers import DEFAULTS


def add_answers(apps: Any, schema_editor: Any) -> None:
    """The words at first; answers of later releases are added when one is first owed."""
    answers = apps.get_model("notifications", "ChatAnswer")
    answers.objects.bulk_create(
        (answers(key=key.value, when=when, text=text) for key, (when, text) in DEFAULTS.items()),
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0001_initial"),
        ("notifications", "0003_one_request_per_account"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="chatreply",
            index=models.Index(fields=["user_id", "-id"], name="chat_reply_of_account"),
        ),
        migrations.RunPython(add_answers, migrations.RunPython.noop),
    ]
