from django.db import migrations

# Queue tables: every row is updated up to three times, so they are vacuumed early and often
# (delivery-rules 1.9).
_TABLES = ("notifications_delivery", "notifications_deliveryattempt", "notifications_webhookinbox")
_SET = "autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0"
_RESET = "autovacuum_vacuum_scale_factor, autovacuum_vacuum_cost_delay"


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql=f"ALTER TABLE {table} SET ({_SET})",
            reverse_sql=f"ALTER TABLE {table} RESET ({_RESET})",
        )
        for table in _TABLES
    ]
