"""The command news: what feeds and assistants propose for a note, taken or dropped by the user."""

from typing import TYPE_CHECKING

import click

from followupd.cli import completing
from followupd.cli.output import complain, json_option, say, say_json, tell
from followupd.cli.session import Session
from followupd.views import document, text

if TYPE_CHECKING:
    from followupd.actions.news import News


@click.command("news")
@click.argument("email", required=False, shell_complete=completing.people)
@click.option("--feed", metavar="URL", help='Where their feed is (RSS or Atom, https); "" for none.')
@click.option("--take", type=int, metavar="ID", help="Make a note of this; the next letter may tell it.")
@click.option("--text", "words", default="", help="With --take: in your own words.")
@click.option("--propose", metavar="TEXT", help="Propose this, with --url; nothing is told before it is taken.")
@click.option("--url", default="", help="With --propose: where it can be read.")
@click.option("--drop", type=int, metavar="ID", help="Make nothing of this.")
@json_option
@click.pass_obj
def news_command(
    session: Session,
    /,
    email: str | None,
    *,
    feed: str | None,
    take: int | None,
    words: str,
    drop: int | None,
    propose: str | None,
    url: str,
    as_json: bool,
) -> None:
    """Show what people have published since your last letter; nothing of it is told before you take it.

    Example: followupd news ada@example.org --feed https://ada.example.org/feed.xml
    """
    from followupd.actions import news

    alone = sum(one is not None for one in (feed, take, drop, propose)) <= 1
    if not alone or (words and take is None) or (url and propose is None):
        raise click.UsageError("Say one of --feed, --take (--text), --propose (--url) and --drop.")
    if email is None and (feed is not None or propose is not None):
        raise click.UsageError("Say whose news it is: followupd news EMAIL ...")
    if take is not None:
        email = news.take(session.desk, take, words).contact.email
        _done({"email": email, "taken": take}, f"noted; see: followupd preview {email}", as_json=as_json)
    elif drop is not None:
        email = news.drop(session.desk, drop).email
        _done({"email": email, "dropped": drop}, "dropped", as_json=as_json)
    elif propose is not None and email is not None:
        email = news.propose(session.desk, email, propose, url).email
        _done({"email": email, "proposed": propose.strip()}, "proposed; see: followupd news", as_json=as_json)
    else:
        if feed is not None and email is not None:
            news.follow(session.desk, email, feed)
        _show(session, news.news(session.desk, email), as_json=as_json)


def _done(known: dict[str, object], said: str, *, as_json: bool) -> None:
    if as_json:
        say_json(known)
    else:
        tell(text.safe(said))


def _show(session: Session, found: "tuple[News, ...]", *, as_json: bool) -> None:
    for one in found:
        if one.trouble:
            complain(one.trouble)
    if as_json:
        say_json([document.news(one.contact, one.feed, one.proposed, one.trouble) for one in found])
        return
    lines = [line for one in found if one.proposed for line in _lines(one, session)]
    say("\n".join([*lines, "take one with: followupd news --take ID"]) if lines else "nothing new")


def _lines(one: "News", session: Session) -> list[str]:
    lines = [text.safe(one.contact.email)]
    for each in one.proposed:
        day = text.minute(each.published or each.proposed_at, session.now)[:10]
        lines.append(f"  {each.id:>4}  {day}  {text.safe(each.text)}")
        if each.url:
            lines.append(f"        {text.safe(each.url)}")
    return lines
