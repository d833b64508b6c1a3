"""A certificate authority for tests and what it signs: a good certificate, an expired one, one for another name."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

_CA_CONFIG = """
[ca]
default_ca = here
[here]
dir = {folder}
database = {folder}/index.txt
new_certs_dir = {folder}
rand_serial = yes
default_md = sha256
policy = any
copy_extensions = none
[any]
commonName = supplied
[server]
basicConstraints = CA:FALSE
subjectAltName = {names}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A certificate and its private key, both PEM files."""

    certificate: Path
    key: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificates:
    """`ca_file` signed all of them; `good` is for localhost and 127.0.0.1."""

    ca_file: Path
    good: Pair
    expired: Pair
    other_name: Pair


def available() -> bool:
    """Tell whether certificates can be made here."""
    return shutil.which("openssl") is not None


def make(folder: Path) -> Certificates:
    """Make an authority and its certificates in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    _openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "36500",
             "-subj", "/CN=followupd tests", "-addext", "basicConstraints=critical,CA:TRUE",
             "-addext", "keyUsage=critical,keyCertSign,cRLSign",
             "-keyout", str(folder / "ca.key"), "-out", str(folder / "ca.pem"))  # fmt: skip
    (folder / "index.txt").touch()
    here = "DNS:localhost,IP:127.0.0.1"
    return Certificates(
        ca_file=folder / "ca.pem",
        good=_sign(folder, "good", here, ("20200101000000Z", "20991231000000Z")),
        expired=_sign(folder, "expired", here, ("20200101000000Z", "20210101000000Z")),
        other_name=_sign(folder, "other", "DNS:mail.elsewhere.test", ("20200101000000Z", "20991231000000Z")),
    )


def _sign(folder: Path, name: str, names: str, valid: tuple[str, str]) -> Pair:
    pair = Pair(certificate=folder / f"{name}.pem", key=folder / f"{name}.key")
    request, config = folder / f"{name}.csr", folder / f"{name}.cnf"
    config.write_text(_CA_CONFIG.format(folder=folder, names=names))
    _openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-subj", f"/CN={name}", "-keyout", str(pair.key), "-out", str(request))  # fmt: skip
    _openssl("ca", "-batch", "-notext", "-config", str(config), "-extensions", "server",
             "-startdate", valid[0], "-enddate", valid[1],
             "-cert", str(folder / "ca.pem"), "-keyfile", str(folder / "ca.key"),
             "-in", str(request), "-out", str(pair.certificate))  # fmt: skip
    return pair


def _openssl(*arguments: str) -> None:
    done = subprocess.run(["openssl", *arguments], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
