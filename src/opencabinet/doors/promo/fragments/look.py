"""How a fragment looks: language, theme, colours and width, as the page around it asks."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Final, Literal, get_args
from urllib.parse import urlencode

from msgspec import Struct

from opencabinet.doors.promo.fragments.asked import Asked
from opencabinet.doors.promo.fragments.assets import asset
from opencabinet.doors.promo.fragments.colours import BLACK, WHITE, Colour, read_colour
from opencabinet.doors.promo.fragments.texts import LANGUAGES, TEXTS, Language, Texts

Theme = Literal["auto", "light", "dark"]
Post = Literal["object", "number", "text"]
THEMES: Final[tuple[Theme, ...]] = get_args(Theme)
ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
HOST: Final = re.compile(
    r"https://(?=.{1,253}(?:$|:))[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*(?::[0-9]{1,5})?",
    re.ASCII,
)
NARROWEST, WIDEST = 120, 1600
COLOURS: Final = re.compile(r"--([a-z-]+): (#[0-9a-f]{6})", re.ASCII)
SCHEMES: Final = ("light", "dark")
INKS: Final = ("link", "wrong", "up", "down")
"""Colours of text, beside the usual one."""


class Look(Struct, frozen=True, kw_only=True):
    """How a fragment looks, and what it tells the page around it.

    `width` is in pixels. `id` names the frame in its messages, `post` is the form of them, and `host` the origin that
    hears of the height by its hash. `code` is the partner's.
    """

    language: Language = "en"
    theme: Theme = "auto"
    accent: Colour | None = None
    text: Colour | None = None
    background: Colour | None = None
    border: Colour | None = None
    width: int | None = None
    id: str | None = None
    post: Post = "object"
    host: str | None = None
    code: str | None = None

    @property
    def texts(self) -> Texts:
        """What is said, in its language."""
        return TEXTS[self.language]

    @property
    def direction(self) -> str:
        """Whether its language is written from the right or from the left."""
        return "rtl" if self.language == "ar" else "ltr"

    @property
    def own(self) -> bool:
        """Whether anything but the theme was asked for."""
        return any((self.accent, self.text, self.background, self.border, self.width))

    def fields(self) -> dict[str, str]:
        """Return what asks for the same look again."""
        colours = {
            name: str(value)[1:]
            for name in ("accent", "text", "background", "border")
            if isinstance(value := getattr(self, name), Colour)
        }
        said: dict[str, str] = {"lang": self.language, "theme": self.theme, **colours}
        optional = {"width": self.width, "id": self.id, "host": self.host, "code": self.code}
        said |= {name: str(value) for name, value in optional.items() if value is not None}
        return said if self.post == "object" else said | {"post": self.post}

    @property
    def sheet(self) -> str:
        """The query of the style sheet that has its colours."""
        names = ("theme", "accent", "text", "background", "border", "width")
        return urlencode({name: value for name, value in self.fields().items() if name in names})


@cache
def palettes() -> Mapping[str, Mapping[str, Colour]]:
    """Return the colours of the themes by name, as `frame.css` has them: light comes first there, then dark."""
    blocks = asset("frame.css").body.decode().split("--ground")[1:]
    found = [dict(COLOURS.findall(f"--ground{block.partition('}')[0]}")) for block in blocks]
    return {
        scheme: {name: read_colour(text) or BLACK for name, text in colours.items()}
        for scheme, colours in zip(SCHEMES, found, strict=False)
    }


def read_look(asked: Asked) -> Look:
    """Return the look that was asked for; what cannot be read of it is left out."""
    told, host = asked.text("id", longest=64), asked.text("host", longest=270).lower()
    return Look(
        language=asked.choice("lang", LANGUAGES, "en"),
        theme=asked.choice("theme", THEMES, "auto"),
        accent=read_colour(asked.text("accent", "color", longest=7)),
        text=read_colour(asked.text("text", longest=7)),
        background=read_colour(asked.text("background", longest=7)),
        border=read_colour(asked.text("border", longest=7)),
        width=asked.number("width", NARROWEST, WIDEST),
        id=told if ID.fullmatch(told) else None,
        post=asked.choice("post", get_args(Post), "object"),
        host=host if HOST.fullmatch(host) else None,
        code=asked.code(),
    )


def sheet(look: Look) -> str:
    """Return the style sheet of a look. Text stays legible: where it would not be, it is moved to black or white."""
    if look.background is not None or look.theme != "auto":
        scheme = look.theme if look.background is None else ("dark" if look.background.dark else "light")
        return f":root:root {{\n{variables(look, scheme)}}}\n"
    dark = f"@media (prefers-color-scheme: dark) {{\n:root:root {{\n{variables(look, 'dark')}}}\n}}\n"
    return f":root:root {{\n{variables(look, 'light')}}}\n{dark}"


def variables(look: Look, scheme: str) -> str:
    """Return the colours of a look, on a light or a dark ground."""
    usual = palettes()[scheme]
    ground = look.background or usual["ground"]
    ink = (look.text or usual["ink"]).on(ground)
    found: dict[str, object] = {}
    if look.background is not None:
        found |= {"color-scheme": scheme, "--ground": ground, "--raised": ground.mixed(ink, 0.05)}
        found |= {f"--{name}": usual[name].on(ground) for name in INKS}
        found |= {"--accent": usual["accent"], "--on-accent": usual["on-accent"]}
    if look.background is not None or look.text is not None:
        found |= {"--ink": ink, "--quiet": ink.mixed(ground, 0.35).on(ground), "--line": ink.mixed(ground, 0.84)}
    if look.border is not None:
        found["--line"] = look.border
    if look.accent is not None:
        found |= {"--accent": look.accent, "--on-accent": WHITE if look.accent.dark else BLACK}
        found["--link"] = look.accent.on(ground)
    if look.width is not None:
        found["--width"] = f"{look.width}px"
    return "".join(f"  {name}: {value};\n" for name, value in found.items())
