"""The way out of a provider: a recipient is named, and the data of a letter is judged as it begins."""

from dataclasses import dataclass

from followupd.core.model import Accepted, Deferred, Draft, Receipt, Refused, Unknown
from tests.schedules.provider import FOLDERS, Provider, is_digest


@dataclass
class Post:
    """The way out."""

    provider: Provider

    def address(self, draft: Draft) -> "Opened | Deferred | Refused":
        provider = self.provider
        provider.world.effects.burn(may_turn=True)
        provider.knock("smtp")
        if provider.at_rcpt:
            return provider.at_rcpt.pop(0)
        for folder in FOLDERS:
            provider.world.looked.pop((provider.account, folder.name), None)
        return Opened(provider, draft)


@dataclass
class Opened:
    """A letter between RCPT and DATA."""

    provider: Provider
    draft: Draft

    def deliver(self) -> Receipt:
        provider, effects = self.provider, self.provider.world.effects
        if not is_digest(self.draft):
            provider.world.judge(self.draft, provider.account)
        effects.burn(may_turn=True)
        said = provider.after_data.pop(0) if provider.after_data else ""
        if isinstance(said, Deferred | Refused):
            return said
        if said != "lost before":
            provider.take(self.draft)
        effects.burn(may_turn=True)
        if said == "killed":
            effects.die()
        return Unknown(text="closed after the data") if said else Accepted(text="250 2.0.0 taken")

    def withdraw(self) -> None:
        """Take it back."""
