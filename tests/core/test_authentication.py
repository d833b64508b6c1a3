"""What the user's own provider found of a sender is shown, whatever a stranger writes below it."""

import pytest

from tests.core.reading import judged
from tests.fixtures.messages.sample import compose

GMAIL = "mx.google.com; dkim=fail header.i=@x.test; spf=softfail smtp.mailfrom=x.test; dmarc=fail (p=NONE dis=NONE)"


@pytest.mark.parametrize(
    ("field", "shown"),
    [
        (GMAIL, "dmarc=fail"),
        ("mx.test; dmarc=pass header.from=uni.test; spf=fail", ""),
        ("mx.test; dkim=pass header.d=uni.test; spf=softfail", ""),
        ("mx.test; spf=fail smtp.mailfrom=uni.test", "spf=fail"),
        ("mx.test; dkim=fail (bad signature); spf=none", "dkim=fail"),
        ("mx.test; dkim=fail; spf=pass", ""),
        ("mx.test; none", ""),
        ("mx.test; (dmarc=fail) dmarc=pass", ""),
        ("", ""),
    ],
)
@pytest.mark.parametrize(("text", "verdict"), [("Gladly.", "reply"), ("Please do not write to me again.", "opt_out")])
def test_a_forged_answer_counts_and_is_shown_as_not_authenticated(
    field: str, shown: str, text: str, verdict: str
) -> None:
    judgement = judged(compose(text, {"Authentication-Results": field}))

    assert judgement.verdict == verdict
    assert ("not authenticated" in judgement.evidence) == bool(shown)
    assert judgement.evidence.endswith(f"; not authenticated: {shown}") == bool(shown)


def test_what_a_stranger_wrote_below_does_not_count() -> None:
    raw = b"Authentication-Results: mx.test; dmarc=fail\r\n" + compose(
        "Gladly.", {"Authentication-Results": "mx.test; dmarc=pass"}
    )
    assert judged(raw).evidence.endswith("not authenticated: dmarc=fail")
