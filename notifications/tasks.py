"""Tasks carry ids or nothing; the rows of the database carry the work. Each may run twice.

Their queues are in the settings: CELERY_TASK_ROUTES.
"""

from celery import shared_task

from common import bell
from notifications import pulse
from notifications.services import drain, inbox
from notifications.services import sweep as sweeps


@shared_task(name="notifications.tasks.nudge")
def nudge(lane: str) -> None:
    """Wake the drain loop of the lane in this process. Sent to the queue of the lane itself."""
    drain.wake(lane)


@shared_task(name="notifications.tasks.sweep")
def sweep() -> None:
    """What time alone does to deliveries; the drain loops do the same. Tells that beat lives."""
    sweeps.run()
    pulse.note()


@shared_task(name="notifications.tasks.process_webhooks")
def process_webhooks() -> None:
    """Work on the stored webhooks that are due, those of rings too close to this one included."""
    inbox.process(linger_s=2 * bell.SHORTEST_GAP_S)
