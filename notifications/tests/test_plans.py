"""The queries that run all the time use their indexes, on tables that hold much that is old."""

from typing import Any

import pytest
from django.db import connection

from cases.models import Dossier, ProcedureCase
from cases.tests.walk import take_in_case
from notifications.models import Delivery
from notifications.services import lease, sweep
from notifications.states import Cause, sources_of
from notifications.tests.engine import dispatch_all
from notifications.words import Lane
from offices.models import Commune, Officer

pytestmark = pytest.mark.django_db

_OLD = 20_000
_COPY_NOTIFICATIONS = """
INSERT INTO notifications_notification
  (source, event_id, kind, recipient_key, dossier_id, citizen_id, created_at)
SELECT source, event_id + g, kind, recipient_key, dossier_id, citizen_id, created_at
FROM notifications_notification n, generate_series(1, %s) g
WHERE n.id = (SELECT max(id) FROM notifications_notification)
"""
_COPY_DELIVERIES = """
INSERT INTO notifications_delivery
  (notification_id, channel, kind, lane, priority, dossier_id, recipient_key, state, expires_at,
   due_at)
SELECT n.id, d.channel, d.kind, d.lane, d.priority, NULL, d.recipient_key,
  CASE WHEN n.id % 20 = 0 THEN 'created' ELSE 'delivered' END, d.expires_at,
  d.due_at - (n.id % 1000) * interval '1 millisecond'
FROM notifications_delivery d, notifications_notification n
WHERE d.id = (SELECT max(id) FROM notifications_delivery) AND n.id <> d.notification_id
"""


@pytest.fixture
def full_table(case: ProcedureCase, commune: Commune, front_desk: Officer) -> Dossier:
    """One message of a dossier among many that were delivered long ago, and a thousand due."""
    dossier = take_in_case(case, commune=commune, officer=front_desk)
    dispatch_all()
    with connection.cursor() as cursor:
        cursor.execute(_COPY_NOTIFICATIONS, [_OLD])
        cursor.execute(_COPY_DELIVERIES)
        cursor.execute("ANALYZE notifications_delivery, notifications_notification")
    assert Delivery.objects.count() > _OLD
    return dossier


def plan_of(sql: str, params: Any) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}", params)
        return "\n".join(row[0] for row in cursor.fetchall())


_LEASE = {"lane": "personal", "limit": 256, "me": "x", "lease": 60.0, "hold": 120.0}


@pytest.mark.parametrize(
    ("sql", "params"),
    [
        (lease._TAKE, _LEASE),
        (lease._FREE, {**_LEASE, "ids": [1, 2, 3], "sources": sources_of(Cause.PICKED)}),
        (sweep._LOST, [500]),
        (sweep._GRACE_OVER, [500]),
        (sweep._UNCONFIRMED, [500]),
    ],
    ids=["take", "free", "lost", "grace", "unconfirmed"],
)
def test_no_query_of_the_sender_reads_the_whole_table(
    full_table: Dossier, sql: str, params: Any
) -> None:
    assert "Seq Scan on notifications_delivery" not in plan_of(sql, params)


def test_the_pick_follows_the_index_of_what_is_due(full_table: Dossier) -> None:
    assert "delivery_due" in plan_of(lease._TAKE, _LEASE)


def test_the_pick_of_a_full_table_takes_the_most_urgent_first(full_table: Dossier) -> None:
    rows = lease.take(Lane.PERSONAL, me="x", limit=256)

    due = dict(Delivery.objects.values_list("id", "due_at"))
    assert len(rows) == 256
    assert [due[row.id] for row in rows] == sorted(due[row.id] for row in rows)
