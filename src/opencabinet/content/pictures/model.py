"""The nouns of banners: pictures of a few sizes, and the code that shows them with a partner's link."""

import re
from datetime import date, datetime
from html import escape
from typing import Final, Literal

from msgspec import Struct

from opencabinet.content.words import BadContent
from opencabinet.kernel.ids import Login
from opencabinet.kernel.problem import Conflict, Unknown

Theme = Literal["light", "dark"]
Kind = Literal["png", "jpeg", "gif", "webp", "svg"]
SIZES: Final = (
    *((88, 31), (120, 600), (160, 600), (234, 60), (300, 250)),
    *((336, 280), (468, 60), (728, 90), (970, 250)),
)
"""Widths and heights, in pixels."""
SPELLED: Final = tuple(f"{width}x{height}" for width, height in SIZES)
LARGEST: Final = 512 * 1024
"""Bytes of a banner."""
MOST: Final = 2_000
"""Banners that are shown at a time."""
LONGEST_TITLE: Final = 100
TYPES: Final[dict[Kind, str]] = {
    "png": "image/png",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "svg": "image/svg+xml",
}
MARKS: Final = re.compile(r"([\\`*_{}\[\]()<>#+!|~&])")
"""What means something in Markdown."""


class BadBanner(BadContent):
    """The picture cannot be a banner."""


class TooManyBanners(Conflict):
    """There are as many banners as can be shown: retire some first."""


class NoSuchBanner(Unknown):
    """There is no such banner."""


class Banner(Struct, frozen=True, kw_only=True):
    """A picture that partners show; its title is read where it is not seen."""

    id: int
    title: str
    width: int
    height: int
    theme: Theme
    language: str
    kind: Kind
    added_at: datetime
    retired_at: datetime | None

    @property
    def size(self) -> str:
        """Width and height, as 468x60."""
        return f"{self.width}x{self.height}"


class Picture(Struct, frozen=True, kw_only=True):
    """The bytes of a banner, and their hash."""

    kind: Kind
    width: int
    height: int
    hash: bytes
    content: bytes


class Shown(Struct, frozen=True, kw_only=True):
    """How often a banner was asked for with a code of a partner on a day in UTC."""

    login: Login
    day: date
    banner: int
    impressions: int


class Snippet(Struct, frozen=True, kw_only=True):
    """What a partner puts on a page, in three languages of pages."""

    image_url: str
    link_url: str
    html: str
    markdown: str
    bbcode: str


def snippet(banner: Banner, base: str, code: str) -> Snippet:
    """Return what shows a banner and links it by a code; `base` is where the cabinet is reached, without a last slash.

    A code is letters and digits, and the base is the operator's: only the title has to be written with care.
    """
    title = MARKS.sub(r"\\\1", banner.title)
    image = f"{base}/banners/{banner.id}/{code}.{banner.kind}"
    link = f"{base}/go/{code}?b={banner.id}"
    return Snippet(
        image_url=image,
        link_url=link,
        html=f'<a href="{escape(link)}" target="_blank" rel="noopener nofollow sponsored">'
        f'<img src="{escape(image)}" width="{banner.width}" height="{banner.height}" alt="{escape(banner.title)}">'
        "</a>",
        markdown=f"[![{title}]({image})]({link})",
        bbcode=f"[url={link}][img]{image}[/img][/url]",
    )
