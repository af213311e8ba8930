from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("citizens", "0003_search_words"),
    ]

    operations = [
        migrations.AddField(
            model_name="citizen",
            name="zalo_phone_closed_until_opt_in",
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.AddField(
            model_name="zalolink",
            name="closed_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="zalolink",
            name="closed_until_opt_in",
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
    ]
