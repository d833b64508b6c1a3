"""A message from disk is judged as the daemon would."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followupd.actions.explain import explain
from followupd.core.model import Verdict
from tests.fixtures.messages import ALL, RECEIVED, Sample
from tests.fixtures.messages.reports import standard
from tests.fixtures.messages.sample import compose, quoted


def test_a_bounce_is_explained_with_its_recipient_and_status() -> None:
    told = explain(standard("failed", "5.1.1", "550 5.1.1 user unknown"), RECEIVED)

    assert told.verdict is Verdict.BOUNCE
    assert told.evidence == "rfc3464.action-failed: failed 5.1.1 ada@uni.test"
    assert (told.recipients, told.status) == (("ada@uni.test",), "5.1.1")


def test_an_absence_is_explained_with_its_day_of_return() -> None:
    raw = compose("I am back on 12 January 2027.", {"Auto-Submitted": "auto-replied"})

    told = explain(raw, RECEIVED)

    assert (told.verdict, told.return_date) == (Verdict.AUTO_REPLY, date(2027, 1, 12))


def test_a_reply_is_explained_with_the_senders_own_words() -> None:
    told = explain(compose(f"Yes, gladly.\n\n{quoted()}\n", {}), RECEIVED)

    assert (told.verdict, told.text) == (Verdict.REPLY, "Yes, gladly.")
    assert told.evidence.startswith("match.in_reply_to: <")


@pytest.mark.parametrize("sample", ALL, ids=lambda sample: sample.name)
def test_what_the_daemon_would_find_is_found(sample: Sample) -> None:
    told = explain(sample.raw, RECEIVED)

    assert (told.verdict, told.judgement.hold) == (sample.verdict, sample.hold)


@given(st.binary(max_size=2000))
def test_no_bytes_raise(raw: bytes) -> None:
    assert explain(raw, RECEIVED).evidence
