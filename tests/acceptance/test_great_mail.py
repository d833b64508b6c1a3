"""Mail that is far too large, read by the real program in little memory: it counts as what its beginning says.

The process gets RLIMIT_AS. Tried: asked for whole instead of its first 256 KiB, a message of 100 MB is refused by the
session, and the answer is not read; without the bounds on what a session keeps, too, the process runs out of memory.
"""

import resource
import subprocess
from pathlib import Path

import pytest

from tests.acceptance.installation import Installation
from tests.acceptance.letters import answer
from tests.servers.embedded import EmbeddedServers

MEMORY = 320 * 1024 * 1024
"""Octets of address space; the interpreter with its libraries takes less than half of it."""
HUNDRED_MEGABYTES = b"0123456789abcdef" * 6_250_000


class Frugal(Installation):
    """An installation whose processes get little memory."""

    def start(self, *arguments: str, **options: object) -> subprocess.Popen[str]:
        process = super().start(*arguments, **options)  # type: ignore[arg-type]
        resource.prlimit(process.pid, resource.RLIMIT_AS, (MEMORY, MEMORY))
        return process

    def _environment(self) -> dict[str, str]:
        # else each thread reserves address space that it never uses
        return super()._environment() | {"MALLOC_ARENA_MAX": "1"}


@pytest.fixture
def frugal(tmp_path: Path, embedded_servers: EmbeddedServers) -> Frugal:
    return Frugal(tmp_path / "home", embedded_servers, embedded_servers.new_user("me", "followupd.test"))


def in_parts(raw: bytes, parts: bytes) -> bytes:
    """Make a message one of many parts, the first of which is its text."""
    head, _, text = raw.partition(b"\r\n\r\n")
    kept = [line for line in head.split(b"\r\n") if not line.lower().startswith((b"content-", b"mime-"))]
    field = b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"'
    return b"\r\n".join([*kept, field]) + b"\r\n\r\n--b\r\n\r\n" + text + parts + b"\r\n--b--\r\n"


ATTACHED = b"\r\n--b\r\nContent-Type: application/octet-stream\r\n\r\n"
GREAT = {
    "a hundred megabytes": ATTACHED + HUNDRED_MEGABYTES,
    "ten thousand parts": (ATTACHED + b"x") * 10_000,
    "a thousand deep": b"".join(
        b"\r\n--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (n, n + 1) for n in range(1000)
    ),
}


@pytest.mark.parametrize("kind", GREAT)
def test_an_answer_however_large_is_read_in_little_memory(frugal: Frugal, kind: str) -> None:
    ada = frugal.servers.new_user("ada")
    frugal.add(ada)
    frugal.round()
    [letter] = frugal.servers.wait_for(ada)
    frugal.servers.deliver(frugal.me, in_parts(answer(letter, ada), GREAT[kind]), mail_from=ada)
    frugal.round()
    shown = frugal.show(ada)
    assert shown["state"] == "answered"
    assert "unreadable" not in str(shown["events"])
