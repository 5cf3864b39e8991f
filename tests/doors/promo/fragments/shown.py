"""What a fragment shows, read as a browser reads it."""

import httpx

from tests.doors.promo.fragments.reading import read, text


def policy(answer: httpx.Response) -> dict[str, str]:
    """Return the policy of a page, by directive."""
    pieces = (each.strip().partition(" ") for each in answer.headers["content-security-policy"].split(";"))
    return {name: value for name, _, value in pieces}


def result(answer: httpx.Response) -> dict[str, str]:
    """Return what a calculator found."""
    tree = read(answer)
    return {text(row, "dt"): text(row, "dd") for row in tree.css("dl div")}


def wrong(answer: httpx.Response) -> list[str]:
    """Return what a form says of what was typed."""
    return [each.text() for each in read(answer).css(".wrong")]
