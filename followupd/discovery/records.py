"""What the DNS says of a domain's mail: SRV records (RFC 6186, RFC 8314) and mail exchangers; no answer is no error.

What comes is hostile: names that could be no server's are left out, and nothing is waited for longer than `seconds`.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from followupd.core.connections import Security
from followupd.discovery.candidates import Candidate, Origin, Suggestion, is_host

if TYPE_CHECKING:
    import dns.resolver

SECONDS: Final = 4.0
_MOST: Final = 4
"""Records of one name that are looked at."""
_IMAP: Final = (("_imaps", Security.TLS), ("_imap", Security.STARTTLS))
_SMTP: Final = (("_submissions", Security.TLS), ("_submission", Security.STARTTLS))
"""RFC 6186, section 3; RFC 8314, section 5.1."""


class Records:
    """Asks the system's name servers, or those given (as (address, port); tests have one of their own)."""

    def __init__(self, server: tuple[str, int] | None = None, seconds: float = SECONDS) -> None:
        self._server = server
        self._seconds = seconds
        self._made: dns.resolver.Resolver | None = None

    def servers(self, address: str) -> Suggestion | None:
        """Give what the SRV records of an address's domain name; None where there are none for both ways."""
        domain = address.rpartition("@")[2]
        imap, smtp = (self._service(services, domain, address) for services in (_IMAP, _SMTP))
        if not imap and not smtp:
            return None
        hosts = dict.fromkeys(candidate.host for candidate in (*imap, *smtp))
        strange = tuple(host for host in hosts if not f".{host}".endswith(f".{domain.lower()}"))
        return Suggestion(origin=Origin.SRV, imap=imap, smtp=smtp, strange=strange)

    def exchangers(self, domain: str) -> tuple[str, ...]:
        """Give the names of a domain's mail exchangers, the preferred first."""
        found = sorted(self._ask(domain, "MX"), key=lambda record: record.preference)
        return tuple(name for record in found if is_host(name := _name(record.exchange)))

    def _service(self, services: Iterable[tuple[str, Security]], domain: str, address: str) -> tuple[Candidate, ...]:
        return tuple(
            Candidate(host=_name(record.target), port=record.port, security=security, username=address)
            for service, security in services
            # by priority; weights would throw dice (RFC 2782), and here the heavier is just tried first
            for record in sorted(
                self._ask(f"{service}._tcp.{domain}", "SRV"), key=lambda one: (one.priority, -one.weight)
            )
            if record.port and is_host(_name(record.target))
        )

    def _ask(self, name: str, kind: str) -> "list[Any]":
        import dns.exception

        try:
            answer = self._resolver().resolve(name, kind, lifetime=self._seconds, search=False)
        except (dns.exception.DNSException, OSError, ValueError):
            return []
        return list(answer)[:_MOST]

    def _resolver(self) -> "dns.resolver.Resolver":
        import dns.resolver

        if self._made is None:
            self._made = dns.resolver.Resolver(configure=self._server is None)
            if self._server is not None:
                self._made.nameservers, self._made.port = [self._server[0]], self._server[1]
        return self._made


def _name(found: object) -> str:
    return str(found).rstrip(".").lower()
