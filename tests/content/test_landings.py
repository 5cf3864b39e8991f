"""Landing pages: ready-made, or the operator's own."""

from typing import Any

import pytest

from opencabinet import content
from opencabinet.content import BadContent, Landing, NoSuchLanding, TooManyLandings
from opencabinet.content.pages import actions
from opencabinet.db import Connection
from tests.content.test_written import judged_clean

LANGUAGES = ("de", "en", "es", "ru")


def designed(text: str = "# Hello\n\nGo [on]({link}) with {code}.", **given: Any) -> Landing:
    """Return a page of a text."""
    usual: dict[str, Any] = {"markdown": True, "name": "start", "language": "en"}
    return content.designed(text.encode(), **usual | given)


async def test_pages_are_ready_made_in_several_languages(conn: Connection) -> None:
    found = await content.landings(conn)

    assert [(each.id, each.language) for each in found] == [
        (name, language) for name in ("invited", "start") for language in LANGUAGES
    ]
    for each in found:
        judged_clean(each.body)
        assert "{code}" in each.body
        assert each.form is (each.id == "start")
        assert ('href="#form"' in each.body, 'href="{link}"' in each.body) == (each.form, not each.form)
        assert await content.landing(conn, each.id, each.language) == each


async def test_a_page_is_given_in_the_nearest_language(conn: Connection) -> None:
    async def language(wanted: str, name: str = "start") -> str:
        found = await content.landing(conn, name, wanted)
        return found.language if found else ""

    assert [await language(each) for each in ("de-AT", "ru", "zh-Hant", "fr")] == ["de", "ru", "en", "en"]
    assert await language("en", "nothing") == ""


async def test_the_operators_own_takes_the_place_of_the_ready_made(conn: Connection) -> None:
    own = designed(language="de")
    await content.save_landing(conn, own)

    assert await content.landing(conn, "start", "de") == own
    assert (await content.landing(conn, "start", "en") or own).title == "Open a trading account"
    assert own in await content.landings(conn)
    await content.save_landing(conn, designed("# Other\n\nx", language="de"))
    assert (await content.landing(conn, "start", "de") or own).title == "Other"

    await content.remove_landing(conn, "start", "de")
    assert (await content.landing(conn, "start", "de") or own).title == "Ein Handelskonto eröffnen"
    with pytest.raises(NoSuchLanding):
        await content.remove_landing(conn, "start", "de")


async def test_a_page_of_a_new_name_is_the_operators_alone(conn: Connection) -> None:
    own = designed(name="spring-2027", language="pt-BR")
    await content.save_landing(conn, own)

    assert await content.landing(conn, "spring-2027", "pt-BR") == own
    assert await content.landing(conn, "spring-2027", "pt") is None


async def test_there_are_only_so_many(conn: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST", 1)
    await content.save_landing(conn, designed())
    await content.save_landing(conn, designed())
    with pytest.raises(TooManyLandings):
        await content.save_landing(conn, designed(language="de"))


def test_the_partners_code_and_link_are_written_into_a_page() -> None:
    page = designed("# T\n\n[{code}]({link}) {link} {other} {{code}}")

    html = page.filled("A<B", 'https://a.example/go/AB?x="&y={code}')

    link = "https://a.example/go/AB?x=&quot;&amp;y={code}"
    assert f'<a href="{link}" rel=' in html
    assert ">A&lt;B</a>" in html
    assert html.endswith(f"</a> {link} {{other}} {{A&lt;B}}</p>")


def test_a_page_has_a_form_where_it_leads_there_or_is_told() -> None:
    assert designed("# T\n\n[x](#form)").form
    assert not designed("# T\n\n[x](#other)").form
    assert designed("# T\n\nx", form=True).form
    assert "href" not in designed("# T\n\n[x](#other)").body


@pytest.mark.parametrize(
    "wrong",
    [{"name": each} for each in ("", "A", "a b", "-a", "a-", "a--b", "../a", "a" * 41, "a\n")]
    + [{"language": "EN"}, {"title": "a" * 201}, {"text": "x"}, {"text": ""}],
)
def test_what_cannot_be_a_page_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadContent):
        designed(**wrong)
