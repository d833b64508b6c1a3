"""Play random schedules of the real round against the model: `python benchmarks/schedules.py --schedules 100000`.

They are drawn by lot, or, `--by hypothesis`, as hypothesis draws them. Each batch has its own seed, so that a failure
is played again by `--seed`; it ends with its story, the shortest that was found. `--without all` switches protections
off one by one, and fails unless each of them is missed.
"""

import argparse
import logging
import sys
import time
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.schedules import lots
from tests.schedules.judge import BrokenError
from tests.schedules.machine import Schedule
from tests.schedules.mutations import WITHOUT, without

BATCH = 500


def play(seed: int, number: int, *, by: str) -> None:
    """Play so many schedules from a seed; raise BrokenError with the story of one that fails."""
    if by == "lot":
        lots.play(seed, range(number))
        return
    machine = type("Schedules", (Schedule,), {"_hypothesis_internal_use_seed": seed})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=number,
            stateful_step_count=lots.STEPS,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            print_blob=False,
            suppress_health_check=list(HealthCheck),
        ),
    )


def missed(what: str, most: int, *, by: str) -> bool:
    """Tell whether a protection that is off is missed by any schedule."""
    for seed in range(1, most // BATCH + 1):
        began = time.process_time()
        with without(what):
            try:
                play(seed, BATCH, by=by)
            except BrokenError as error:
                spent = time.process_time() - began
                print(f"without {what}: {str(error).splitlines()[-1]}  [{spent:.0f} s]", flush=True)
                return True
            except Exception as error:  # noqa: BLE001 (a program without its protection may fall over its own bounds)
                print(
                    f"without {what}: {type(error).__name__}: {(str(error) or 'no words').splitlines()[0]}", flush=True
                )
                return True
    print(f"without {what}: NOT MISSED in {most} schedules")
    return False


def main() -> int:
    """Play what was asked for; the exit status is 1 if something failed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--schedules", type=int, default=2000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--by", default="lot", choices=["lot", "hypothesis"])
    options.add_argument("--without", default="", choices=["", "all", *WITHOUT])
    asked = options.parse_args()
    logging.disable(logging.CRITICAL)
    if asked.without:
        names = list(WITHOUT) if asked.without == "all" else [asked.without]
        return 0 if sum(missed(one, asked.schedules, by=asked.by) for one in names) == len(names) else 1
    began, last = time.process_time(), asked.seed + -(-asked.schedules // BATCH)
    for seed in range(asked.seed, last):
        play(seed, BATCH, by=asked.by)
        played, spent = (seed - asked.seed + 1) * BATCH, time.process_time() - began
        told = f"{played} schedules of up to {lots.STEPS} steps by {asked.by}"
        print(f"{told}, seed {seed}: all hold, {spent:.0f} s of CPU", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
