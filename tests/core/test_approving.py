"""What an answer to the digest says, from all the programs that people answer with; a quotation says nothing."""

import pytest

from followupd.core.approving import MARK, Word, code, read
from followupd.core.markup import to_text

CODE = code(b"eighteen octets ..")
OTHER = code(b"eighteen octets,,,")
DIGEST = f"{MARK}\n\nWhat waits for your approval\n\n  to <a@uni.test>\n  code of letter 12: {CODE}\n  | Hi\n"
QUOTED = "".join(f"> {line}\n" for line in DIGEST.splitlines())
ATTRIBUTION = "Am 11.01.2027 um 07:00 schrieb Ida Brandt:\n"


@pytest.mark.parametrize(
    "text",
    [
        f"approve 12\n\n{ATTRIBUTION}{QUOTED}",
        f"Approve 12.\n\nSent from my phone\n\n{ATTRIBUTION}{QUOTED}",
        f"\u00a0approve\u00a012\n-----Original Message-----\nFrom: Ida\n\n{DIGEST}",
        f"Yes:\napprove letter #12\n{DIGEST}",
        f"approve 12\n\n{ATTRIBUTION}" + "".join(f">> {line}\n" for line in DIGEST.splitlines()),
        f"approve 12\n> followupd: answer\n> above this line\n{QUOTED}",
        to_text(
            f"<div>approve 12</div><br><div class='gmail_quote'><div class='gmail_attr'>On Monday Ida wrote:</div>"
            f"<blockquote>{DIGEST.replace('<', '&lt;').replace(chr(10), '<br>')}</blockquote></div>"
        ),
    ],
)
def test_a_line_on_top_counts_from_any_program(text: str) -> None:
    found = read(text)
    assert found.words == (Word(True, 12),)
    assert found.codes == (CODE,)


@pytest.mark.parametrize("piece", [f"{MARK} ", "approve ", "> ", "aaaa-", "approve 1\n", "followupd: > > >"])
def test_it_takes_time_linear_to_the_text(piece: str) -> None:
    assert read(piece * 60_000).misplaced is (piece == "approve 1\n")
