"""The servers of an address are looked for where the answer is surest first, and each source only if it is come to."""

from collections.abc import Callable, Iterator
from typing import Final

from followupd.discovery import autoconfig
from followupd.discovery.candidates import Origin, Suggestion, guesses, of_provider
from followupd.discovery.records import Records
from followupd.providers.book import Book, book

_MOST_EXCHANGERS: Final = 4


def suggestions(
    address: str,
    *,
    known: Book | None = None,
    records: Records | None = None,
    ask: Callable[[str], Suggestion | None] = autoconfig.ask,
) -> Iterator[Suggestion]:
    """Give what may be the servers of an address: known providers, SRV records, the autoconfig file, usual names.

    Nobody is asked before it is their turn, and for an address of a known provider nobody at all.
    """
    known = known or book()
    provider = known.of_address(address)
    if provider is not None:
        yield of_provider(provider, address, Origin.PROVIDER)
        return
    records = records or Records()
    exchangers = records.exchangers(address.rpartition("@")[2])[:_MOST_EXCHANGERS]
    hosted = next(filter(None, map(known.of_exchanger, exchangers)), None)
    if hosted is not None:
        yield of_provider(hosted, address, Origin.EXCHANGER)
    for source in (records.servers, ask):
        if (found := source(address)) is not None:
            yield found
    yield guesses(address)
