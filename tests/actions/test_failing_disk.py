"""A disk that fails: reads, writes and fsync end with EIO below SQLite and below the witness.

The library is built by the test and loaded before libc's, so that the real SQLite meets the error. What is played: a
call that fails once, or fails from then on, at every sync of two rounds, and at reads and writes from their first to
their last, and then a disk that is well again. A letter is on the wire only once all that was written before it in the
round was kept. Tried: where an error of the claim, of
the witness's line, or of a file that gets its name is passed over, this fails; where a failing disk is taken for a
fault of the letter, it stays held for ever.
"""

import json
import shutil
import subprocess
import sys
import textwrap
from collections import Counter
from pathlib import Path

import pytest

from tests.servers.fixtures import leave_out

HERE = Path(__file__).parent
ROOT = HERE.parents[1]

PLAYED = """
    import ctypes, json, pathlib, sys
    from followupd.actions.round import one_round
    from followupd.core.errors import FollowupdError
    from tests.actions.pretend import ADA, Fuse, Server, days, process, somebody

    shim = ctypes.CDLL(sys.argv[2])
    kind, first, last, calls = (ctypes.c_int.in_dll(shim, name)
                                for name in ("failing_kind", "failing_from", "failing_to", "disk_calls"))
    kind.value = ("sync", "read", "write").index(sys.argv[4])

    class Watched(Server):
        begun = unkept = 0

        def take(self, draft):
            failed = range(max(first.value, self.begun + 1), min(last.value, calls.value) + 1)
            self.unkept += kind.value != 1 and first.value > 0 and len(failed) > 0
            super().take(draft)

    def round(app, server, day):
        server.now, server.begun = days(day), calls.value
        try:
            one_round(app)
        except FollowupdError as error:
            return error.what
        return ""

    def play(number):
        home = pathlib.Path(sys.argv[1], str(number))
        home.mkdir()
        server = Watched(files=False)
        app = process(home, server, Fuse())
        somebody(app, ADA)
        calls.value, first.value, last.value = 0, number, number if sys.argv[3] == "once" else 1 << 30
        said = [round(app, server, day) for day in (0, 14)]
        reached, first.value = calls.value, 0
        claimed = {row[0] for row in app.db.rows("SELECT message_id FROM letters WHERE state IN "
                                                 "('sending', 'sent', 'uncertain')")}
        app.db.close()
        unclaimed = [draft.message_id for draft in server.to(ADA) if draft.message_id not in claimed]
        app = process(home, server, Fuse())
        healed = [round(app, server, day) for day in (15, 30, 80)]
        states = [row[0] for row in app.db.rows("SELECT state FROM letters ORDER BY step, attempt")]
        app.db.close()
        print(json.dumps({"said": said, "unclaimed": unclaimed, "unkept": server.unkept, "healed": healed,
                          "states": states, "sent": [draft.message_id for draft in server.to(ADA)]}))
        return reached

    unhurt = play(1 << 29)
    for number in range(1, unhurt + 1, max(1, unhurt // 40)):
        play(number)
"""


@pytest.fixture
def shim(tmp_path: Path) -> Path:
    """The library, built."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        leave_out("a C compiler builds the disk that fails, and is not installed")
    library = tmp_path / "failing_disk.so"
    command = [str(compiler), "-shared", "-fPIC", "-O1", "-o", str(library), str(HERE / "failing_disk.c"), "-ldl"]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    return library


@pytest.mark.parametrize("how", ["once", "from then on"])
@pytest.mark.parametrize("what", ["sync", "read", "write"])
def test_whatever_fails_no_letter_leaves_unclaimed_and_none_goes_twice(
    tmp_path: Path, shim: Path, what: str, how: str
) -> None:
    homes = tmp_path / "homes"
    homes.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(PLAYED), str(homes), str(shim), how, what],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
        env={"LD_PRELOAD": str(shim), "PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    stories = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(stories) > 12
    assert stories[0]["said"] == ["", ""]
    for story in stories:
        assert (story["unclaimed"], story["unkept"]) == ([], 0), story
        assert max(Counter(story["sent"]).values(), default=0) <= 1
        assert story["healed"][-1] == ""
        assert len(story["sent"]) == 3 or "uncertain" in story["states"], story
    words = {said for story in stories for said in story["said"]}
    assert any("disk" in said for said in words)
    assert any("witness" in said for said in words)
