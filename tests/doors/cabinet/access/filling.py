"""Filling in the forms of access as people do: what a page holds, with some of it changed."""

from typing import Any

from tests.doors.cabinet.browser import Browser


def base(login: object, rest: str = "") -> str:
    """Return where the pages of access are."""
    return f"/cabinet/accounts/{login}/access{rest}"


def filled(browser: Browser, form: str = "#policy", **changes: Any) -> dict[str, Any]:
    """Return what a form holds, as a browser would send it; in the names of changes, `__` stands for a dot."""
    found: dict[str, Any] = {}
    place = browser.page.css_first(form)
    assert place is not None, browser.text()
    for each in place.css("input, textarea, select"):
        name, kind = each.attributes.get("name") or "", each.attributes.get("type")
        if not name or (kind in {"checkbox", "radio"} and "checked" not in each.attributes):
            continue
        value: Any = each.attributes.get("value") or ""
        if each.tag == "select":
            chosen = each.css_first("option[selected]") or each.css_first("option")
            value = chosen.attributes.get("value") or "" if chosen else ""
        elif each.tag == "textarea":
            value = each.text()
        found[name] = [*found[name], value] if isinstance(found.get(name), list) else value
        if kind == "checkbox":
            found[name] = [found[name]] if not isinstance(found[name], list) else found[name]
    for name, value in changes.items():
        found[name.replace("__", ".")] = value
    return found
