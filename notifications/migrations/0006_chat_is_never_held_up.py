from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0005_webhook_inbox_of_person"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="delivery",
            name="delivery_one_sending_per_dossier",
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                condition=models.Q(("priority__gte", 2), ("state", "sending")),
                fields=("dossier", "recipient_key"),
                name="delivery_one_sending_per_dossier",
            ),
        ),
    ]
