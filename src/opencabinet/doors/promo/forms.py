"""The forms of feeds: RSS 2.0, Atom 1.0 (RFC 4287) and JSON Feed 1.1.

Trees are written as XML by the standard library, which escapes; text came in without letters that XML does not know.
"""

from datetime import datetime
from email.utils import format_datetime
from html import escape
from typing import Any, Final
from xml.etree.ElementTree import Element, SubElement, tostring

import msgspec

from opencabinet.doors.promo.feed import Entry, Feed

ATOM: Final = "http://www.w3.org/2005/Atom"
CONTENT: Final = "http://purl.org/rss/1.0/modules/content/"
MINUTES: Final = "5"
"""How long a reader is asked to wait before it looks again."""


def rss(feed: Feed) -> bytes:
    """Write a feed as RSS 2.0."""
    root = Element("rss", {"version": "2.0", "xmlns:atom": ATOM, "xmlns:content": CONTENT})
    channel = SubElement(root, "channel")
    tell(channel, title=feed.title, link=feed.home, description=feed.title)
    SubElement(channel, "atom:link", {"href": feed.own, "rel": "self", "type": "application/rss+xml"})
    if feed.language:
        tell(channel, language=feed.language)
    tell(channel, lastBuildDate=format_datetime(feed.updated_at, usegmt=True), ttl=MINUTES)
    for each in feed.entries:
        item = SubElement(channel, "item")
        description = escape(each.summary, quote=False)  # readers take it for HTML
        tell(item, title=each.title, link=each.link, description=description)
        SubElement(item, "content:encoded").text = each.html
        for tag in each.tags:
            tell(item, category=tag)
        SubElement(item, "guid", {"isPermaLink": "false"}).text = each.id
        tell(item, pubDate=format_datetime(each.published_at, usegmt=True))
    return written(root)


def atom(feed: Feed) -> bytes:
    """Write a feed as Atom 1.0."""
    root = Element("feed", {"xmlns": ATOM} | ({"xml:lang": feed.language} if feed.language else {}))
    tell(root, id=f"tag:{feed.host},2000-01-01:{feed.own.partition('://')[2]}", title=feed.title)
    SubElement(root, "link", {"href": feed.own, "rel": "self", "type": "application/atom+xml"})
    SubElement(root, "link", {"href": feed.home, "rel": "alternate"})
    tell(root, updated=moment(feed.updated_at))
    tell(SubElement(root, "author"), name=feed.host)
    for each in feed.entries:
        item = SubElement(root, "entry", {"xml:lang": each.language})
        tell(item, id=each.id, title=each.title)
        SubElement(item, "link", {"href": each.link, "rel": "alternate", "type": "text/html"})
        tell(item, published=moment(each.published_at), updated=moment(each.updated_at), summary=each.summary)
        SubElement(item, "content", {"type": "html"}).text = each.html
        for tag in each.tags:
            SubElement(item, "category", {"term": tag})
    return written(root)


def jsonfeed(feed: Feed) -> bytes:
    """Write a feed as JSON Feed 1.1."""
    return msgspec.json.encode(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed.title,
            "home_page_url": feed.home,
            "feed_url": feed.own,
            **({"language": feed.language} if feed.language else {}),
            "items": [item(each) for each in feed.entries],
        }
    )


def item(entry: Entry) -> dict[str, Any]:
    """Return an item as JSON Feed says it."""
    return {
        "id": entry.id,
        "url": entry.link,
        "title": entry.title,
        "summary": entry.summary,
        "content_html": entry.html,
        "date_published": moment(entry.published_at),
        "date_modified": moment(entry.updated_at),
        "language": entry.language,
        "tags": entry.tags,
    }


def tell(parent: Element, **texts: str) -> None:
    """Add elements with their texts."""
    for name, text in texts.items():
        SubElement(parent, name).text = text


def moment(at: datetime) -> str:
    """Write a moment as RFC 3339 does."""
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


def written(root: Element) -> bytes:
    """Write a tree as a document."""
    made: bytes = tostring(root, "utf-8", xml_declaration=False)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + made
