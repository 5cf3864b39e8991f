"""Banners, as operators bring them in and retire them."""

from litestar import Response

from opencabinet import content
from opencabinet.access import Duty
from opencabinet.content import BadBanner
from opencabinet.doors.cabinet.forms import Form
from opencabinet.doors.cabinet.operator import places
from opencabinet.doors.cabinet.operator.desk import Desk
from opencabinet.doors.cabinet.operator.handlers import do, look, upload
from opencabinet.doors.cabinet.operator.uploads import Uploaded

LIST, ONE = "/banners", "/banners/{id}"


async def listed(desk: Desk) -> Response[bytes]:
    """Show the banners that are shown."""
    after = places.after(desk.asked("after"))
    found = await desk.ask(lambda conn: content.banners(conn, after=after, limit=places.LIMIT + 1))
    rows = found[: places.LIMIT]
    return desk.page("banners.html", rows=rows, more=rows[-1].id if len(found) > places.LIMIT else "")


@look(LIST, need=Duty.CONTENT)
async def show_banners(desk: Desk) -> Response[bytes]:
    """Show the banners that are shown."""
    return await listed(desk)


@upload(LIST, need=Duty.CONTENT, again=listed)
async def bring_banner(desk: Desk, form: Form) -> Response[bytes]:
    """Bring a banner in. What it is is seen by what it holds, and it is written anew."""
    chosen = form.file if isinstance(form, Uploaded) else None
    if chosen is None:
        raise BadBanner("Choose a file.")
    name, held = chosen
    picture, left_out = content.judged(held)
    async with desk.changing() as change:
        banner = await content.add_banner(
            change.conn,
            picture,
            title=form.text("title") or name.rpartition(".")[0],
            theme="dark" if form.text("theme") == "dark" else "light",
            language=form.text("language") or "en",
        )
        rule = f"banner {banner.id} is shown: {banner.title}"
        await change.tell(None, "banner.add", rule, banner=banner.id, left_out=list(left_out))
    return desk.go(LIST, "uploaded")


@do(f"{ONE}/withdraw", need=Duty.CONTENT, again=listed)
async def withdraw_banner(desk: Desk, form: Form) -> Response[bytes]:
    """Show a banner no more, wherever it stands."""
    del form
    number = desk.number("id")
    async with desk.changing() as change:
        await content.retire_banner(change.conn, number)
        await change.tell(None, "banner.withdraw", f"banner {number} is shown no more", banner=number)
    return desk.go(LIST, "withdrawn")
