"""The pipe that ends a wait."""

import os
from collections.abc import Iterator
from dataclasses import dataclass

import pytest


@dataclass(frozen=True)
class Wake:
    """A pipe such as the daemon's signal handler writes to."""

    reads: int
    writes: int

    def up(self) -> None:
        os.write(self.writes, b"x")


@pytest.fixture
def wake() -> Iterator[Wake]:
    reads, writes = os.pipe()
    yield Wake(reads, writes)
    os.close(reads)
    os.close(writes)
