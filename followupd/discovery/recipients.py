"""Whether a domain still takes mail, as the DNS says; one that fails, or that nobody can believe, says nothing.

A domain without a mail exchanger takes mail at its own address (RFC 5321, section 5.1); one whose only exchanger is "."
takes none (RFC 7505). A name server that does not know the user's own domain either is not believed.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import dns.resolver

SECONDS: Final = 3.0
"""How long one question may take."""
_NOBODYS: Final = ("test", "example", "invalid", "localhost", "local", "onion", "example.com", "example.net",
                   "example.org")  # fmt: skip
"""Names of which public name servers know nothing (RFC 2606, RFC 6761, RFC 6762, RFC 7686)."""


class Domains:
    """Asks the system's name servers, or those given, as (address, port): these may know names that are nobody's."""

    def __init__(self, own: str, servers: Sequence[tuple[str, int]] = (), seconds: float = SECONDS) -> None:
        self._own = own
        self._servers = tuple(servers)
        self._seconds = seconds

    def takes_mail(self, domain: str) -> bool | None:
        """Tell whether mail can get to a domain; None where nobody can tell."""
        if not self._servers and f".{domain.lower()}".endswith(tuple(f".{name}" for name in _NOBODYS)):
            return None
        known = self._known(domain)
        return None if known is False and self._known(self._own) is not True else known

    def _known(self, domain: str) -> bool | None:
        import dns.exception
        import dns.resolver

        try:
            resolver = self._resolver()
            for kind in ("MX", "A", "AAAA"):
                answer: list[Any] = list(resolver.resolve(domain, kind, raise_on_no_answer=False, search=False))
                if answer:
                    return kind != "MX" or any(len(one.exchange.labels) > 1 for one in answer)
        except dns.resolver.NXDOMAIN:
            return False
        except (dns.exception.DNSException, OSError, ValueError):
            return None
        return False

    def _resolver(self) -> "dns.resolver.Resolver":
        import dns.nameserver
        import dns.resolver

        resolver = dns.resolver.Resolver(configure=not self._servers)
        if self._servers:
            resolver.nameservers = [dns.nameserver.Do53Nameserver(*one) for one in self._servers]
        resolver.lifetime = self._seconds
        return resolver
