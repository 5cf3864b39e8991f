"""Pages as a test reads them."""

import httpx
from selectolax.lexbor import LexborHTMLParser, LexborNode

Tree = LexborHTMLParser | LexborNode


def read(answer: httpx.Response) -> LexborHTMLParser:
    """Return a page."""
    return LexborHTMLParser(answer.text)


def one(tree: Tree, selector: str) -> LexborNode:
    """Return the first of the elements that a selector finds; there is one."""
    return tree.css(selector)[0]


def attributes(tree: Tree, selector: str) -> dict[str, str | None]:
    """Return the attributes of that element."""
    return one(tree, selector).attributes


def text(tree: Tree, selector: str) -> str:
    """Return the text of that element."""
    return one(tree, selector).text()


def hidden(tree: Tree) -> dict[str, str | None]:
    """Return what a form carries unseen."""
    return {str(node.attributes["name"]): node.attributes["value"] for node in tree.css("input[type=hidden]")}
