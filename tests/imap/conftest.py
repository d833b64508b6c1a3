"""Certificates for the scripted server: one that is right, and the kinds that are wrong."""

import os
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Certificates:
    """Where the certificates lie. Each is its own authority."""

    folder: Path

    def file(self, name: str) -> str:
        return str(self.folder / f"{name}.pem")

    def context(self, name: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.file(name), self.folder / f"{name}.key")
        return context


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Make `right` (127.0.0.1) and `other` (another name)."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("certificates")
    for name, subject in (("right", "IP:127.0.0.1,DNS:localhost"), ("other", "DNS:elsewhere.example")):
        command = [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        command += ["-days", "2", "-subj", f"/CN={name}", "-addext", f"subjectAltName={subject}"]
        command += ["-keyout", str(folder / f"{name}.key"), "-out", str(folder / f"{name}.pem")]
        subprocess.run(command, check=True, capture_output=True)
    return Certificates(folder)


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
