"""Words of the chat are changed by an administrator, and stay words that can be filled in."""

import pytest
from django.test import Client
from django.urls import reverse

from notifications.models import ChatAnswer
from notifications.services.chat_answers import DEFAULTS, ensure_defaults, names_in, names_of
from offices.models import Officer


@pytest.fixture
def pages(client: Client, administrator: Officer) -> Client:
    ensure_defaults()
    client.force_login(administrator)
    return client


def address(key: str) -> str:
    row = ChatAnswer.objects.get(key=key)
    return reverse("admin:notifications_chatanswer_change", args=[row.pk])


def test_new_words_are_kept_with_the_old_ones_in_the_history(pages: Client) -> None:
    pages.post(address("welcome"), {"text": "Kính chào Ông/Bà. Ví dụ: {vi_du}"})

    assert ChatAnswer.objects.get(key="welcome").text == "Kính chào Ông/Bà. Ví dụ: {vi_du}"
    history = pages.get(address("welcome").replace("change", "history")).content.decode()
    assert "→ Kính chào" in history


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("state", "Hồ sơ đang giải quyết."),  # the link is missing
        ("too-many", "Xin thử lại sau."),  # how long is missing
        ("welcome", "Chờ {so_phut} phút."),  # not known then
        ("welcome", "Chào {nguoi_nao}."),  # known never
        ("welcome", "Chào { bạn."),  # no partner
        ("welcome", "Chào {vi_du!r}."),  # for programs
    ],
)
def test_words_that_could_not_be_filled_in_are_refused_beside_the_field(
    pages: Client, key: str, text: str
) -> None:
    answer = pages.post(address(key), {"text": text})

    assert answer.context["adminform"].form.errors["text"]
    assert text.replace("'", "&#x27;") in answer.content.decode()
    assert (
        ChatAnswer.objects.get(key=key).text == DEFAULTS[next(k for k in DEFAULTS if k == key)][1]
    )


def test_every_answer_as_it_is_at_first_may_be_saved(pages: Client) -> None:
    for key, (_when, text) in DEFAULTS.items():
        assert (names_in(text) or frozenset()) <= names_of(key)
        assert pages.post(address(key), {"text": text}).status_code == 302, key
