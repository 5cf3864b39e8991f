"""What is written comes in as Markdown or HTML, and goes out as text, its order, and links to elsewhere."""

import re
from html.parser import HTMLParser

import pytest

from opencabinet.content import BadContent, written

HOSTILE = [
    "<script>alert(1)</script>x",
    "<img src=x onerror=alert(1)>x",
    "<svg onload=alert(1)>x</svg>y",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>x",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='JaVaScRiPt&#58;alert(1)'>x</a>",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<a href='&#1;javascript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='vbscript:x'>x</a>",
    "<a href='//evil.example/'>x</a>",
    "<a href='/go/ABC'>x</a>",
    "<a href='https:evil.example'>x</a>",
    "<a href='https://good.example\\@evil.example'>x</a>",
    "<a href='https://a.example' onclick='alert(1)' style='position:fixed' target='_top'>x</a>",
    "<p style='background:url(https://evil.example)' class='a' id='b'>x</p>",
    "<iframe src='https://evil.example'></iframe>x",
    "<object data='https://evil.example'></object><embed src=x>x",
    "<form action='https://evil.example'><input name=a><button>x</button></form>",
    "<base href='https://evil.example/'>x",
    "<link rel=stylesheet href='https://evil.example'>x",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>x",
    "<style>@import 'https://evil.example';</style>x",
    "<video src=x onerror=alert(1)></video><audio src=x></audio>x",
    "<template><script>alert(1)</script></template>x",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>x",
    "<textarea><script>alert(1)</script></textarea>x",
    "<title><script>alert(1)</script></title>x",
    "<p>x<!-- <script>alert(1)</script> --></p>",
    "<!--><script>alert(1)</script>-->x",
    "<![CDATA[<script>alert(1)</script>]]>x",
    "<p>x<a href='{link}&quot; onclick=&quot;alert(1)'>y</a></p>",
    "<p title='{code}'>x</p>",
    "<details open ontoggle=alert(1)>x</details>",
    "<x-widget onfocus=alert(1) tabindex=1>x</x-widget>",
    "<p>a&#1;b&#x202e;c&#xfffe;d\u202ee\ufefff</p>",
    "<<script>script>alert(1)<</script>/script>x",
    "<ScRiPt\x00>alert(1)</ScRiPt>x",
]


class Reader(HTMLParser):
    """Reads HTML in another way than it was cleaned in."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_comment(self, data: str) -> None:
        self.found.append(("comment", {"data": data}))

    def handle_decl(self, decl: str) -> None:
        self.found.append(("declaration", {"data": decl}))


def judged_clean(html: str) -> None:
    """Judge HTML by other means than it was cleaned by."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\ufeff\ufffe]", html)
    for tag, attributes in reader.found:
        assert tag in written.TAGS, tag
        assert attributes.keys() <= ({"href", "rel"} if tag == "a" else set())
        href = attributes.get("href")
        assert href is None or href in written.PLACES or re.match(r"(https?://[a-z]|mailto:[a-z])", href), href
        assert href is None or attributes["rel"] == written.REL


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("markdown", [True, False])
def test_what_is_hostile_is_harmless(hostile: str, *, markdown: bool) -> None:
    try:
        html = written.read(f"# T\n\n{hostile}".encode(errors="surrogatepass"), markdown=markdown)
    except BadContent:
        return
    judged_clean(html)
    assert written.clean(html) == html


def test_html_within_markdown_is_text() -> None:
    assert written.read(b"a <b>c</b> <script>1</script>", markdown=True) == (
        "<p>a &lt;b&gt;c&lt;/b&gt; &lt;script&gt;1&lt;/script&gt;</p>"
    )


def test_markdown_becomes_what_it_means() -> None:
    text = (
        "# T\n\nA *b* **c** `d` ~~e~~\n\n1. x\n2. y\n\n> q\n\n|a|b|\n|-|-|\n|1|2|\n\n[l](https://a.example/?x=1&y=2)\n"
    )

    html = written.read(text.encode(), markdown=True)

    for each in (
        *(
            "<h1>T</h1>",
            "<em>b</em>",
            "<strong>c</strong>",
            "<code>d</code>",
            "<s>e</s>",
            "<ol>\n<li>x</li>",
            "<td>1</td>",
        ),
        f'<a href="https://a.example/?x=1&amp;y=2" rel="{written.REL}">l</a>',
    ):
        assert each in html, each
    judged_clean(html)


def test_pictures_are_left_out_for_they_tell_others_who_reads() -> None:
    assert "img" not in written.read(b"a ![b](https://evil.example/x.png)", markdown=True)


@pytest.mark.parametrize(
    "wrong",
    [b"", b"   \n", b"\xff\xfe", b"<script>1</script>", b"<!-- -->", b"a" * (written.LARGEST + 1), b"&" * 60_000],
)
def test_what_is_no_text_is_refused(wrong: bytes) -> None:
    with pytest.raises(BadContent):
        written.read(wrong, markdown=False)


def test_a_great_deal_of_nesting_takes_no_time_and_no_stack() -> None:
    for hostile in (
        b"<b>" * 20_000 + b"x",
        b"> " * 20_000 + b"x",
        b"[" * 30_000 + b"x",
        b"*a_" * 20_000,
        b"<p>" * 20_000 + b"x",
    ):
        try:
            judged_clean(written.read(hostile, markdown=True))
            judged_clean(written.read(hostile, markdown=False))
        except BadContent:
            continue


def test_the_heading_it_begins_with_is_its_title() -> None:
    assert written.headed("<h1>A <em>b</em> &amp; c</h1><p>d</p>") == ("A b & c", "<p>d</p>")
    assert written.headed("\n<h1>A</h1>\n<p>d</p>")[0] == "A"
    assert written.headed("<p>d</p><h1>A</h1>") == ("", "<p>d</p><h1>A</h1>")
    assert written.headed("d<h1>A</h1>") == ("", "d<h1>A</h1>")


def test_a_text_is_cut_at_a_word() -> None:
    assert written.shortened("one two three", 20) == "one two three"
    assert written.shortened("one two, three", 9) == "one two …"
    assert written.shortened("交易交易交易", 4) == "交易交易…"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>The last line <em>shows how</em>.</p>", "The last line shows how."),
        ("<p>One<br>two</p><ul><li>three</li><li>four</li></ul>", "One two three four"),
        ("<table><tr><td>1</td><td>2<sup>nd</sup></td></tr></table><pre>5</pre>", "1 2nd 5"),
        ("<h2>Head</h2><blockquote>said</blockquote>", "Head said"),
    ],
)
def test_the_text_of_html_is_parted_where_blocks_are(html: str, text: str) -> None:
    assert written.plain(html) == text
