"""What is shown as a tree of elements, `[tag, {attributes}, [children]]`: of it pages are written, and scripts build.

Every rendering in HTML comes of this one, so they cannot differ. Nothing in it is markup that somebody else wrote: a
child is an element of ours or text. What changes while it is shown has a `data-key` that stays.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final, cast

from opencabinet.doors.showing import charts
from opencabinet.doors.showing.definitions import WIDGETS, named
from opencabinet.doors.showing.model import (
    Article,
    Articles,
    Block,
    Cell,
    Chart,
    Empty,
    Figure,
    Figures,
    Honesty,
    Meter,
    Refused,
    Shown,
    Table,
    of_table,
)
from opencabinet.doors.wording import Words, words
from opencabinet.doors.wording.words import SPACE

Tree = list[Any]
"""An element: its tag, its attributes, its children."""
Children = Sequence["Tree | str"]
BONES: Final = 5
"""How many bars stand where figures will."""
HEBREW: Final = "\u0590"
"""The first letter of scripts that run from right to left."""


def tree(shown: Shown | Refused, *, base: str = "", level: int = 2) -> Tree:
    """Return what is shown as a tree; `base` is where v1 is reached, `level` that of its heading on the page."""
    said = words(shown.language)
    if isinstance(shown, Refused):
        return article(shown, said, "refused", [refusal(shown, said)], level)
    blocks = [block(each, said, base) for each in shown.blocks]
    state = "empty" if all(isinstance(each, Empty) for each in shown.blocks) else "shown"
    return article(shown, said, state, [*blocks, honesty(shown.honesty, said, base)], level)


def loading(widget: str, login: str | None, language: str, *, level: int = 2) -> Tree:
    """Return what stands in the place of a widget until its figures are there, as high as they will be."""
    said = words(language)
    title = said.gettext(WIDGETS[widget].title)
    bars: list[Tree] = [["span", {"class": "oc-bone"}, []] for _ in range(BONES)]
    bones = element("div", "oc-block oc-bones", bars, **{"aria-hidden": "true"})
    wait = element("p", "oc-hidden", [said.gettext("Loading …")], role="status")
    head = heading(widget, title, login, said, level)
    return whole(widget, login, said, "loading", [head, body([bones, wait])], title)


def article(shown: Shown | Refused, said: Words, state: str, inside: Children, level: int) -> Tree:
    """Return a widget: its heading, what it shows, and what it says of that."""
    foot = inside[-1:] if isinstance(shown, Shown) else []
    middle = inside[: len(inside) - len(foot)]
    head = heading(shown.widget, shown.title, shown.login, said, level)
    return whole(shown.widget, shown.login, said, state, [head, body(middle), *foot], shown.title)


def whole(widget: str, login: str | None, said: Words, state: str, inside: Children, title: str) -> Tree:
    """Return the element around a widget."""
    about = {"lang": said.language, "dir": said.direction, "data-widget": widget, "data-state": state}
    whose = {"data-login": login} if login else {}
    busy = {"aria-busy": "true"} if state == "loading" else {}
    return element("article", f"oc-widget oc-{widget}", inside, **about, **whose, **busy, **{"aria-label": title})


def heading(widget: str, title: str, login: str | None, said: Words, level: int) -> Tree:
    """Return the heading of a widget, and whose it is."""
    name = element(f"h{level}", "oc-title", [title])
    whose = named(widget, login, said) if login else None
    return element("header", "oc-head", [name, *([element("p", "oc-whose", [whose])] if whose else [])])


def body(inside: Children) -> Tree:
    """Return the middle of a widget."""
    return element("div", "oc-body", inside)


def element(tag: str, name: str, inside: Children = (), /, **attributes: str) -> Tree:
    """Return an element with a class."""
    return [tag, {"class": name, **attributes}, list(inside)]


def block(shown: Block, said: Words, base: str) -> Tree:
    """Return a block."""
    match shown:
        case Figures():
            return element("dl", "oc-block oc-figures", [figure(each, said) for each in shown.items])
        case Table():
            return element("div", "oc-block", table(shown))
        case Chart():
            held = element("div", "oc-held", table(shown.table))
            return element("div", "oc-block", [charts.figure(shown, said, held)])
        case Meter():
            return meter(shown)
        case Articles():
            return element("ul", "oc-block oc-articles", [news(each, base) for each in shown.items], role="list")
        case Empty():
            return empty(shown)


def figure(shown: Figure, said: Words) -> Tree:
    """Return a figure under its name; the note below says why it is none, or of when it is."""
    note = [] if shown.note is None else [element("dd", "oc-note", [remark(shown.note, said)])]
    value = element("dd", f"oc-value oc-{shown.cell.tone}", cell(shown.cell), **{"data-key": f"figures/{shown.name}"})
    return element("div", "oc-figure", [element("dt", "oc-term", [shown.label]), value, *note])


def remark(text: str, said: Words) -> Tree | str:
    """Return a note; what v1 says in English is marked as English where all else is not."""
    if said.language == "en" or not text.isascii():
        return text
    return ["span", {"lang": "en", "dir": "ltr"}, [text]]


def cell(shown: Cell) -> Children:
    """Return what stands in a cell, which turns nothing around it: figures run from left to right in every language."""
    direction = {"dir": "ltr"} if shown.value is not None and all(each < HEBREW for each in shown.text) else {}
    inside = [shown.text] if shown.value is None else breakable(shown.text)
    return [["bdi", direction, inside]] if shown.text else []


def breakable(text: str) -> Children:
    """Return a figure that is broken before its unit where there is no room for it, and never within."""
    figure, space, unit = text.rpartition(SPACE)
    return [f"{figure}{space}", ["wbr", {}, []], unit] if space else [text]


def table(shown: Table) -> list[Tree]:
    """Return a table in a box that scrolls, which the keyboard reaches, and what is said below it."""
    cells = iter([(key, each) for key, each in of_table(shown)])
    head = ["tr", {}, [column(each.label, each.kind) for each in shown.columns]]
    rows = [row(shown, each.key, [next(cells) for _ in shown.columns]) for each in shown.rows]
    foot = [] if shown.totals is None else [["tfoot", {}, [row(shown, "totals", list(cells))]]]
    inside: list[Tree] = [
        element("caption", "oc-caption", [shown.caption]),
        ["thead", {}, [head]],
        ["tbody", {}, rows],
        *foot,
    ]
    around = {"role": "group", "aria-label": shown.caption, "tabindex": "0"}
    note = [] if shown.note is None else [element("p", "oc-note", [shown.note])]
    return [element("div", "oc-scroll", [element("table", "oc-table", inside)], **around), *note]


def column(label: str, kind: str) -> Tree:
    """Return the head of a column."""
    return ["th", {"class": f"oc-{kind}", "scope": "col"}, [label]]


def row(shown: Table, key: str, cells: Sequence[tuple[str, Cell]]) -> Tree:
    """Return a row; its first cell is its head."""
    kinds = [each.kind for each in shown.columns]
    inside: list[Tree] = []
    for place, (kind, (name, each)) in enumerate(zip(kinds, cells, strict=True)):
        scope = {"scope": "row"} if place == 0 else {}
        about = {"class": f"oc-{kind} oc-{each.tone}", "data-key": name, **scope}
        inside.append(["td" if place else "th", about, list(cell(each))])
    return ["tr", {"data-key": f"{shown.name}/{key}"}, inside]


def meter(shown: Meter) -> Tree:
    """Return a meter. Its bar is an element that browsers fill themselves: no style is written into the page."""
    about = {"max": "1", "value": shown.part, "aria-label": shown.label, "data-key": f"meter/{shown.name}"}
    inside = [
        element("p", "oc-term", [["bdi", {}, [shown.label]]]),
        element("progress", "oc-gauge", [shown.text], **about),
        element("p", "oc-progress", [shown.text], **{"data-key": f"meter/{shown.name}/text"}),
    ]
    return element("div", "oc-block oc-meter", inside)


def news(shown: Article, base: str) -> Tree:
    """Return news: its headline leads to it."""
    language = {"lang": shown.language, "dir": "auto"}
    link = ["a", {"href": f"{base}{shown.link}", "target": "_blank", "rel": "noopener", **language}, [shown.title]]
    inside = [
        element("p", "oc-headline", [link]),
        element("p", "oc-summary", [shown.summary], **language),
        element("p", "oc-when", [moment(shown.at, shown.at_text)]),
    ]
    return element("li", "oc-article", inside, **{"data-key": f"news/{shown.id}"})


def empty(shown: Empty) -> Tree:
    """Return what stands where there is nothing."""
    hint = [] if shown.hint is None else [element("p", "oc-hint", [shown.hint])]
    return element("div", "oc-block oc-empty", [element("p", "oc-lead", [shown.text]), *hint])


def refusal(shown: Refused, said: Words) -> Tree:
    """Return what stands where figures are not shown, with what helps whoever is asked for help."""
    inside: list[Tree] = [element("p", "oc-lead", [shown.heading]), element("p", "oc-hint", [shown.text])]
    if shown.detail:
        inside.append(element("p", "oc-note", [remark(shown.detail, said)]))
    if shown.request_id and not shown.closed:
        number = said.gettext("Reference: %(id)s") % {"id": shown.request_id}
        inside.append(element("p", "oc-note", [number]))
    return element("div", "oc-block oc-refused", inside, role="status", **{"data-code": shown.code})


def honesty(shown: Honesty, said: Words, base: str) -> Tree:
    """Return the honesty line."""
    return element("footer", "oc-honesty", list(honest(shown, said, base)))


def honest(shown: Honesty, said: Words, base: str) -> Iterator[Tree]:
    """Give the parts of the honesty line."""
    when: Children = [shown.as_of_text]
    if shown.as_of:
        when = [said.gettext("As of"), " ", moment(shown.as_of, shown.as_of_text)]
    yield element("span", "oc-as-of", when, **{"data-key": "honesty/as-of"})
    for name, text in shown.said:
        yield element("span", f"oc-said oc-{name}", [text], **{"data-key": f"honesty/{name}"})
    if shown.reason:
        yield element("span", "oc-said oc-reason", [remark(shown.reason, said)], **{"data-key": "honesty/reason"})
    if shown.link:
        about = {"href": f"{base}{shown.link}", "target": "_blank", "rel": "noopener"}
        yield ["a", {"class": "oc-said oc-link", **about}, [said.gettext("Check the figures")]]


def moment(at: str, text: str) -> Tree:
    """Return a moment that machines read too."""
    return ["time", {"datetime": at}, [text]]


def keyed(whole: Tree) -> dict[str, Tree]:
    """Return the elements of a tree by their keys."""
    found: dict[str, Tree] = {}
    waiting: list[Tree | str] = [whole]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            continue
        _, attributes, children = cast("tuple[str, dict[str, str], list[Tree | str]]", tuple(each))
        if "data-key" in attributes:
            found[attributes["data-key"]] = each
        waiting.extend(children)
    return found
