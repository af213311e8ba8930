"""What else the same dossier has told, and whether it has left."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

_SIBLINGS = """
SELECT n.dossier_id, n.id, n.kind, n.recipient_key,
  COALESCE(bool_or(d.state IN ('sending', 'unknown', 'accepted', 'delivered', 'seen')
                   OR d.reason = 'perhaps_sent' OR d.resends > 0), false)
FROM notifications_notification n
LEFT JOIN notifications_delivery d ON d.notification_id = n.id
WHERE n.dossier_id = ANY(%s) GROUP BY n.id
"""


@dataclass(frozen=True)
class Sibling:
    """Another notification of the same dossier. `has_left`: it was or may have been sent."""

    notification_id: int
    kind: str
    recipient_key: str
    has_left: bool


def siblings_of(dossier_ids: Iterable[int]) -> dict[int, list[Sibling]]:
    """All notifications by dossier; one query, none without dossiers."""
    wanted = list(dossier_ids)
    found: dict[int, list[Sibling]] = {}
    if not wanted:
        return found
    with connection.cursor() as cursor:
        cursor.execute(_SIBLINGS, [wanted])
        for dossier_id, *row in cursor.fetchall():
            found.setdefault(dossier_id, []).append(Sibling(*row))
    return found
