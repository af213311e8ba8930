"""What administrators have the program do for many rows: ask, try again, export."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import Procedure
from cases.procedure_content import VersionContent
from cases.services.catalogue import import_procedures
from cases.services.catalogue.rows import read_version
from notifications.models import WebhookBody, WebhookInbox, ZaloAccount, ZaloTemplate
from notifications.services import inbox
from notifications.tests.conftest import account, zalo
from notifications.tests.fault_server import FaultServer
from offices.models import Officer

__all__ = ["account", "zalo"]  # fixtures


@pytest.fixture
def pages(client: Client, administrator: Officer, province: None) -> Client:
    client.force_login(administrator)
    return client


def messages_of(response: Any) -> str:
    return " ".join(str(message) for message in response.context["messages"])


# ---- procedures ----------------------------------------------------------------------------------

PROCEDURES = "admin:cases_procedure_changelist"


def exported(pages: Client, *codes: str) -> Any:
    rows = Procedure.objects.filter(code__in=codes) if codes else Procedure.objects.all()
    chosen = {"action": "export", "_selected_action": list(rows.values_list("pk", flat=True))}
    return pages.post(reverse(PROCEDURES), chosen | {"select_across": "0"})


def said() -> dict[str, VersionContent]:
    """What each procedure says now."""
    rows = Procedure.objects.select_related("current")
    return {row.code: read_version(row.current) for row in rows if row.current}


def test_exported_procedures_are_a_file_that_says_the_same(pages: Client, tmp_path: Path) -> None:
    answer = exported(pages)
    file = tmp_path / "procedures.json"
    file.write_bytes(answer.content)

    assert "attachment" in answer["Content-Disposition"]
    assert len(json.loads(answer.content)["procedures"]) == Procedure.objects.count()
    before = said()
    assert import_procedures(file).changed_nothing
    assert said() == before


def test_only_the_chosen_procedures_are_exported(pages: Client) -> None:
    content = json.loads(exported(pages, "1.115783").content)

    assert [entry["code"] for entry in content["procedures"]] == ["1.115783"]


# ---- webhooks ------------------------------------------------------------------------------------

WEBHOOKS = "admin:notifications_webhookinbox_changelist"


def parked(key: str, *, has_body: bool = True) -> WebhookInbox:
    row = WebhookInbox.objects.create(
        dedupe_key=key, verified=True, state="parked", tries=5, event_name="oa_send_text"
    )
    if has_body:
        WebhookBody.objects.create(inbox_id=row.pk, body='{"event_name":"oa_send_text"}')
    return row


def again(pages: Client, *rows: WebhookInbox) -> Any:
    chosen = {"action": "again", "_selected_action": [row.pk for row in rows]}
    return pages.post(reverse(WEBHOOKS), chosen, follow=True)


def test_parked_webhook_is_worked_on_again(pages: Client) -> None:
    row = parked("1")

    said = again(pages, row)
    inbox.process()

    assert "1 " in messages_of(said)
    row.refresh_from_db()
    assert row.state == "ignored"


def test_webhook_without_its_body_or_not_parked_stays(pages: Client) -> None:
    gone, finished = parked("1", has_body=False), parked("2")
    WebhookInbox.objects.filter(pk=finished.pk).update(state="done")

    again(pages, gone, finished)

    gone.refresh_from_db()
    finished.refresh_from_db()
    assert (gone.state, finished.state) == ("parked", "done")


def test_webhooks_are_tried_again_by_administrators_only(client: Client, clerk: Officer) -> None:
    row = parked("1")
    client.force_login(clerk)

    again(client, row)

    row.refresh_from_db()
    assert row.state == "parked"


# ---- templates -----------------------------------------------------------------------------------

ASK = "admin:notifications_zalotemplate_ask"


def test_zalo_that_does_not_answer_changes_nothing_and_is_said(
    account: ZaloAccount, zalo: FaultServer, client: Client, administrator: Officer
) -> None:
    n = ZaloTemplate.objects.count()
    client.force_login(administrator)

    said = client.post(reverse(ASK), follow=True)

    assert messages_of(said)
    assert ZaloTemplate.objects.count() == n


def test_looking_at_templates_asks_nobody(pages: Client) -> None:
    assert pages.get(reverse(ASK)).status_code == 302
    page = pages.get(reverse("admin:notifications_zalotemplate_changelist"))
    assert reverse(ASK) in page.content.decode()


def test_templates_are_asked_for_by_administrators_only(client: Client, clerk: Officer) -> None:
    client.force_login(clerk)

    assert client.post(reverse(ASK)).status_code == 302
    assert "/admin/login/" in client.post(reverse(ASK))["Location"]
