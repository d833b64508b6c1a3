"""Before a letter goes to somebody its domain is looked up: where that is gone, the letter is held and none bounces."""

import logging

from followupd.app import App
from followupd.core import telling
from followupd.core.model import Case, Hold
from followupd.store import threads

log = logging.getLogger(__name__)


def gone(app: App, case: Case) -> Hold | None:
    """Hold a letter because the domain it goes to takes no mail any more; None where nothing says so.

    Where the user went on all the same, after they were told, their word stands.
    """
    domain = case.contact.email.rpartition("@")[2]
    if not app.settings.dns.check or app.resolver.takes_mail(domain) is not False:
        return None
    told = [
        event.kind == "held"
        for event in threads.events(app.db, case.thread.id)
        if event.text == telling.RESUMED or event.text.startswith(telling.domain_gone(domain))
    ]
    if told and not told[-1]:
        log.info("%s: the domain %s is gone, and the letter goes by your word", case.contact.email, domain)
        return None
    who = telling.word(case.contact.email)
    return Hold(
        f"{telling.domain_gone(domain)}: the DNS knows neither a mail server nor an address of it; once you know where "
        f"they are: followupd edit {who} --email NEW, or send all the same: followupd resume {who}"
    )
