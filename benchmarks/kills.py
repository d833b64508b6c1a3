"""Kills the real program a thousand times over, restores it from backups, and counts what arrived.

    python benchmarks/kills.py [--kills 1000] [--servers embedded|real] [--seed 1]

Ends with status 1 at the first letter that is doubled, lost, or sent after an answer or a stop; its seed plays the
same story again.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.acceptance.kills import Story, Tally
from tests.servers.embedded import EmbeddedServers
from tests.servers.world import MailServers


def main() -> None:
    """Play stories until there were enough kills."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--servers", choices=["embedded", "real"], default="embedded")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    whole, seed, began = Tally(), asked.seed, time.monotonic()
    with MailServers() if asked.servers == "real" else EmbeddedServers() as servers:
        while whole.kills < asked.kills:
            with tempfile.TemporaryDirectory(prefix="followupd-kills-") as folder:
                whole.add(Story(Path(folder), servers, seed, steps=5, attempts=12).play())
            print(f"{asked.servers}, seed {seed}, {time.monotonic() - began:.0f} s: {whole}", flush=True)
            seed += 1
    for point, times in sorted(whole.points.items()):
        print(f"  {point}: {times}")


if __name__ == "__main__":
    main()
