"""Whatever program somebody answers with: it is an answer, and only their own words count and are shown."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.acceptance.clients import CLIENTS, Answering
from tests.acceptance.installation import Installation
from tests.servers.world import MailServers

Mentors = dict[str, str]
ASK = 'How did you choose? If you want no letters: "Please do not write to me again, unsubscribe me" is enough.'
"""The letter itself has the words of an opt-out in it, which every answer quotes."""


def all_answer(at_real: Installation, servers: MailServers, text: str) -> dict[str, dict[str, Any]]:
    """Let one mentor for each program answer a letter with these words; give what is shown of each."""
    at_real.settings["sending"] = {"daily_limit": 50}
    mentors = {client.__name__: servers.new_user(client.__name__.replace("_", "-")) for client in CLIENTS}
    for mentor in mentors.values():
        at_real.add(mentor, "--ask", ASK)
    at_real.round()
    for client in CLIENTS:
        mentor = mentors[client.__name__]
        [letter] = servers.wait_for(mentor)
        assert "unsubscribe me" in " ".join(letter.parsed.get_content().split())
        servers.send(mentor, at_real.me, client(Answering(letter=letter, sender=mentor, text=text)))
    servers.wait_for(at_real.me, len(CLIENTS))
    at_real.round()
    return {name: at_real.show(mentor) for name, mentor in mentors.items()}


def of_each(found: dict[str, dict[str, Any]], what: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    return {name: what(shown) for name, shown in found.items()}


def for_each(value: object) -> dict[str, Any]:
    return {client.__name__: value for client in CLIENTS}


@pytest.mark.real
def test_every_programs_answer_counts_and_shows_the_persons_own_words(
    mail_servers: MailServers, at_real: Installation
) -> None:
    text = "Gladly, let us talk on Thursday. My number is 5550123."
    found = all_answer(at_real, mail_servers, text)
    assert of_each(found, lambda shown: shown["state"]) == for_each("answered")
    assert of_each(found, lambda shown: [one["verdict"] for one in shown["messages"]]) == for_each(["reply"])
    assert of_each(found, lambda shown: shown["messages"][0]["excerpt"]) == for_each(text)
    assert of_each(found, lambda shown: shown["messages"][0]["hint"]) == for_each("yes")


@pytest.mark.real
def test_an_opt_out_in_the_own_words_counts_whatever_is_quoted(
    mail_servers: MailServers, at_real: Installation
) -> None:
    text = "Please do not write to me again."
    found = all_answer(at_real, mail_servers, text)
    assert of_each(found, lambda shown: shown["state"]) == for_each("opted_out")
    assert of_each(found, lambda shown: shown["messages"][0]["excerpt"]) == for_each(text)
    for shown in found.values():
        assert at_real.run("add", shown["email"], "--name", "Ada Again", status=None).status == 1
