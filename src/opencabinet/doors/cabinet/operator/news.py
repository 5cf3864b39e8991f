"""News, as operators write it: published at once or later, changed, and withdrawn."""

from collections.abc import Sequence
from datetime import UTC, datetime

from litestar import Response

from opencabinet import content
from opencabinet.access import Duty
from opencabinet.content import CATEGORIES, Article, BadArticle, NoSuchArticle
from opencabinet.content.articles.model import Wanted
from opencabinet.db import Connection
from opencabinet.doors.cabinet.forms import Form
from opencabinet.doors.cabinet.operator import places
from opencabinet.doors.cabinet.operator.desk import Desk
from opencabinet.doors.cabinet.operator.handlers import do, look
from opencabinet.kernel.ids import LARGEST

LIST, ONE = "/news", "/news/{id}"
LONGEST = 60_000
LARGEST_FORM = 512 * 1024
"""Bytes of a form with a text, where a letter of any alphabet may take six or nine."""


async def listed(desk: Desk) -> Response[bytes]:
    """Show all news, whatever became of it, the last added first."""
    below = places.after(desk.asked("before")) or LARGEST
    found = await desk.ask(lambda conn: content.everything(conn, below=below, limit=places.LIMIT + 1))
    rows = found[: places.LIMIT]
    more = rows[-1].id if len(found) > places.LIMIT else ""
    return desk.page("news.html", rows=rows, more=more, now=desk.visit.now, categories=desk.choices(CATEGORIES))


async def one(desk: Desk) -> Response[bytes]:
    """Show news, to change it or to withdraw it."""
    number = desk.number("id")
    article = await desk.ask(lambda conn: existing(conn, number))
    return desk.page("article.html", article=article, now=desk.visit.now, categories=desk.choices(CATEGORIES))


async def existing(conn: Connection, number: int) -> Article:
    """Return news whatever became of it.

    Raises:
        NoSuchArticle: if there is none.
    """
    found: Sequence[Article] = await content.everything(conn, below=min(number, LARGEST - 1) + 1, limit=1)
    if not found or found[0].id != number:
        raise NoSuchArticle
    return found[0]


def wanted(form: Form, *, markdown: bool) -> Wanted:
    """Return news as it was written.

    Raises:
        BadContent: if it cannot be news.
    """
    title, summary = form.text("title"), form.text("summary", longest=1_000)
    return content.drafted(
        form.secret("body", longest=LONGEST).encode(),
        markdown=markdown,
        language=form.text("language") or "en",
        category=form.text("category"),  # type: ignore[arg-type]  # which it refuses if it is none
        title=title or None,
        summary=summary or None,
        symbols=form.text("symbols").replace(",", " ").split(),
        published_at=moment(form.text("published_at")),
    )


def moment(text: str) -> datetime | None:
    """Return when it is to be published, in UTC; None for at once.

    Raises:
        BadArticle: if it is no moment.
    """
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as wrong:
        raise BadArticle("When it is to be published is a date and a time, in UTC.") from wrong
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


@look(LIST, need=Duty.CONTENT)
async def show_news(desk: Desk) -> Response[bytes]:
    """Show all news, whatever became of it, the last added first."""
    return await listed(desk)


@look(ONE, need=Duty.CONTENT)
async def show_article(desk: Desk) -> Response[bytes]:
    """Show news, to change it or to withdraw it."""
    return await one(desk)


@do(LIST, need=Duty.CONTENT, again=listed, request_max_body_size=LARGEST_FORM)
async def write_news(desk: Desk, form: Form) -> Response[bytes]:
    """Tell news, at once or at its time."""
    drafted = wanted(form, markdown=True)
    async with desk.changing() as change:
        article = await content.add_news(change.conn, drafted)
        await change.tell(None, "news.publish", f"news {article.id} is told: {article.title}", news=article.id)
    return desk.go(LIST, "written")


@do(ONE, need=Duty.CONTENT, again=one, request_max_body_size=LARGEST_FORM)
async def change_news(desk: Desk, form: Form) -> Response[bytes]:
    """Let news say something else."""
    number, drafted = desk.number("id"), wanted(form, markdown=False)
    async with desk.changing() as change:
        article = await content.change_news(change.conn, number, drafted)
        await change.tell(None, "news.change", f"news {number} says something else: {article.title}", news=number)
    return desk.go(f"/news/{number}", "written")


@do(f"{ONE}/withdraw", need=Duty.CONTENT, again=one)
async def withdraw_news(desk: Desk, form: Form) -> Response[bytes]:
    """Tell news no more."""
    del form
    number = desk.number("id")
    async with desk.changing() as change:
        await content.retract_news(change.conn, number)
        await change.tell(None, "news.withdraw", f"news {number} is told no more", news=number)
    return desk.go(LIST, "withdrawn")
