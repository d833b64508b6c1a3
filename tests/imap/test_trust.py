"""Accounts share what certificates are checked with, as long as the authorities on the disk are the same."""

from pathlib import Path

from followupd.core.connections import SecretSource, Security, Server
from followupd.imap.dial import trust
from tests.servers.certificates import Certificates


def server(ca_file: str) -> Server:
    return Server(
        host="127.0.0.1", port=1, security=Security.TLS, username="", password=SecretSource(), ca_file=ca_file
    )


def test_two_connections_share_a_context_until_the_authority_changes(
    tmp_path: Path, certificates: Certificates
) -> None:
    authority = tmp_path / "ca.pem"
    authority.write_bytes(Path(certificates.ca_file).read_bytes())
    first = trust(server(str(authority)))
    assert trust(server(str(authority))) is first
    assert trust(server("")) is trust(server("")) is not first
    authority.write_bytes(authority.read_bytes() + b"\n")
    assert trust(server(str(authority))) is not first
