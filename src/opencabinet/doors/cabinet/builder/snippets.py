"""Snippets: what is copied into pages of others, for each kind of page."""

from collections.abc import Iterator, Mapping
from html import escape
from typing import Final

from msgspec import Struct

from opencabinet.doors import embedding
from opencabinet.doors.cabinet.builder.wanted import Wanted
from opencabinet.doors.embedding import Script
from opencabinet.doors.wording import Words, marked

SANDBOX: Final = "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox"
"""What a private frame may do. It is on another host than the page, so keeping its own origin gains it nothing."""
WIDE: Final = "900"
"""How many pixels wide pictures are."""
ATTRIBUTES: Final[Mapping[str, str]] = {"title": "heading"}
"""Options that elements call otherwise: their `title` is the browser's."""
NO_KEY: Final = "cck_YOUR_KEY"
NO_PAGE: Final = "https://www.example.com"
PHP: Final = """\
<?php
// Needs a server key that opens {function}, in the environment and nowhere else.
$asked = stream_context_create(['http' => [
    'method' => 'POST',
    'header' => "Content-Type: application/json\\r\\nAuthorization: Bearer " . getenv('CABINET_KEY'),
    'content' => json_encode([
        'login' => {login},
        'functions' => ['{function}'],
        'origin' => '{origin}',
    ]),
    'ignore_errors' => true,
    'timeout' => 5,
]]);
$answer = json_decode((string) file_get_contents('{cabinet}/v1/tickets', false, $asked), true);
$ticket = $answer['ticket'] ?? '';
header('Cache-Control: no-store');
?>
{script}
{frame}
"""


class Snippet(Struct, frozen=True, kw_only=True):
    """A snippet: its name, its title, what is said of it, and its text."""

    name: str
    title: str
    text: str
    hint: str = ""


class Writer(Struct, frozen=True, kw_only=True):
    """Writes snippets of a widget: `widgets` is where widgets are reached, `cabinet` where v1 is."""

    wanted: Wanted
    widgets: str
    cabinet: str
    scripts: Mapping[str, Script]
    title: str

    def all(self) -> Iterator[Snippet]:
        """Give the snippets that fit who is to see the widget."""
        yield from {"open": self.open, "key": self.keyed, "password": self.asking, "ticket": self.ticketed}[
            self.wanted.way
        ]()

    def open(self) -> Iterator[Snippet]:
        """Give those of what is open to everybody."""
        address, picture = self.address(), self.address("png")
        yield Snippet(name="html", title=marked("HTML"), text=self.element(), hint=HTML)
        yield Snippet(name="iframe", title=marked("Frame"), text=self.frame(), hint=FRAME)
        yield Snippet(name="bbcode", title=marked("BBCode, for forums"), text=self.bbcode(picture))
        yield Snippet(
            name="markdown", title=marked("Markdown"), text=f"[![{bare(self.title)}]({picture})]({address})\n"
        )
        yield Snippet(name="wordpress", title=marked("WordPress"), text=f"{address}\n", hint=PASTE)
        block = f"<!-- wp:html -->\n{self.frame()}<!-- /wp:html -->\n"
        yield Snippet(name="block", title=marked("WordPress, as a block"), text=block, hint=BLOCK)

    def keyed(self) -> Iterator[Snippet]:
        """Give those with a key for the owner's pages."""
        yield Snippet(name="html", title=marked("HTML"), text=self.element(key=self.wanted.key or NO_KEY), hint=KEYED)

    def asking(self) -> Iterator[Snippet]:
        """Give those whose visitors type the API password."""
        frame = f"{self.embed()}\n{self.private(self.widgets + self.wanted.inside(key=self.wanted.key or NO_KEY))}\n"
        yield Snippet(name="iframe", title=marked("Frame"), text=frame, hint=ASKING)
        block = f"<!-- wp:html -->\n{frame}<!-- /wp:html -->\n"
        yield Snippet(name="block", title=marked("WordPress, as a block"), text=block, hint=BLOCK)
        alone = self.widgets + self.wanted.inside()
        link = f'<a href="{escape(alone)}" target="_blank" rel="noopener">{escape(self.title)}</a>\n'
        yield Snippet(name="link", title=marked("Link"), text=link, hint=ALONE)

    def ticketed(self) -> Iterator[Snippet]:
        """Give those for servers that make tickets."""
        yield Snippet(name="php", title=marked("PHP"), text=self.php(), hint=SERVER)

    def php(self) -> str:
        """Return the page that asks for a ticket, and shows the frame with it."""
        page = self.wanted.page or NO_PAGE
        address = escape(self.widgets + self.wanted.inside(on=page))
        frame = self.private("ADDRESS").replace("ADDRESS", f"{address}#ticket=<?= rawurlencode($ticket) ?>")
        given = {"function": str(self.wanted.widget.needs), "login": str(self.wanted.login), "origin": page}
        return PHP.format(**given, cabinet=self.cabinet, script=self.embed(), frame=frame)

    def address(self, ending: str = "") -> str:
        """Return where the world reaches a rendering."""
        more = {"width": WIDE} if ending == "png" else {}
        return self.widgets + self.wanted.path(ending, **more)

    def embed(self) -> str:
        """Return the script that gives frames their height."""
        return self.scripts["embed.js"].html(self.widgets)

    def element(self, **more: str) -> str:
        """Return the widget as an element, with what stands there without a script."""
        wanted = self.wanted
        given = {"login": wanted.whose or "", **wanted.look, **more}
        told = "".join(f' {ATTRIBUTES.get(name, name)}="{escape(text)}"' for name, text in given.items() if text)
        tag = f"cabinet-{wanted.widget.name}"
        instead = f'<a href="{escape(self.address())}">{escape(self.title)}</a>'
        if not more:
            instead = instead.replace(
                f">{escape(self.title)}<",
                f'><img src="{escape(self.address("png"))}" alt="{escape(self.title)}"><',
            )
        script = self.scripts["component.js"].html(self.widgets)
        room = self.scripts["room.css"].style(self.widgets)
        return f"{room}\n{script}\n<{tag}{told}></{tag}>\n<noscript>{instead}</noscript>\n"

    def frame(self) -> str:
        """Return the widget in a frame."""
        return f"{self.embed()}\n{embedding.frame(self.address(), self.title, self.height)}\n"

    def private(self, address: str) -> str:
        """Return the frame of a private widget."""
        return (
            f'<iframe src="{escape(address)}" title="{escape(self.title)}" width="100%" height="{self.height}" '
            f'loading="lazy" referrerpolicy="strict-origin" sandbox="{SANDBOX}" frameborder="0" data-opencabinet>'
            "</iframe>"
        )

    def bbcode(self, picture: str) -> str:
        """Return the picture of the widget, linked to the widget."""
        return f"[url={self.address()}][img]{picture}[/img][/url]\n"

    @property
    def height(self) -> int:
        """How high a frame is before its script has asked."""
        rows = self.wanted.look.get("rows", "")
        return embedding.room(self.wanted.widget.name).height(int(rows) if rows else None)


HTML: Final = marked("Put it where the widget is to stand. Without a script the page shows a picture.")
FRAME: Final = marked("For pages that take frames. The script gives it the right height; without it, it scrolls.")
PASTE: Final = marked("Paste this address on a line of its own: the blog asks us for the rest (oEmbed).")
BLOCK: Final = marked("For a block of the kind Custom HTML.")
KEYED: Final = marked("Works on the pages that the key names, and on no others.")
ASKING: Final = marked("Works on the pages that the key names. Elsewhere browsers show an empty frame.")
ALONE: Final = marked("Opens in a tab of its own; it needs no key.")
SERVER: Final = marked("Put the server key into the environment of your server. No visitor ever sees it.")


def writer(wanted: Wanted, words: Words, *, widgets: str, cabinet: str, scripts: Mapping[str, Script]) -> Writer:
    """Return who writes the snippets of a widget."""
    title = words.gettext(wanted.widget.title)
    return Writer(
        wanted=wanted,
        widgets=widgets,
        cabinet=cabinet,
        scripts=scripts,
        title=f"{title} · {wanted.whose}" if wanted.whose else title,
    )


def bare(text: str) -> str:
    """Return a text that means nothing in Markdown."""
    return "".join(letter for letter in text if letter not in "[]()*_`\\<>")
