"""The scripts that stand on pages of others: small, whole, and the same for ever under their names."""

import gzip
import hashlib
import re
import shutil
import subprocess
from base64 import b64encode
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from opencabinet.doors.embedding import ROOMS
from opencabinet.doors.showing.definitions import WIDGETS
from opencabinet.doors.showing.options import READERS
from opencabinet.doors.showing.samples import samples
from opencabinet.doors.showing.tree import tree
from opencabinet.doors.widgets.asked import LEVELS
from opencabinet.doors.widgets.files import FILES, shared
from opencabinet.doors.widgets.scripts import JOINED, KEPT, MODULES, Scripts

MOST: Final = 20 * 1024
DANGEROUS: Final = (
    "innerHTML",
    "outerHTML",
    "insertAdjacentHTML",
    "document.write",
    "eval(",
    "Function(",
    "localStorage",
)
KEEPING: Final = ("sessionStorage", "indexedDB", "document.cookie", "XMLHttpRequest", "sendBeacon")


def source(name: str) -> str:
    """Return a module as it is written."""
    return (MODULES / name).read_text("utf-8")


@pytest.mark.parametrize("name", JOINED)
def test_a_script_is_whole_and_small(name: str) -> None:
    body = FILES.files[name].body

    assert len(gzip.compress(body)) < MOST
    assert not re.search(rb"^(?:import|export) ", body, re.MULTILINE)
    assert body.isascii()


def test_scripts_read_no_text_as_html_and_keep_nothing() -> None:
    for path in MODULES.glob("*.js"):
        text = path.read_text("utf-8")
        assert [each for each in (*DANGEROUS, *KEEPING) if each in text] == [], path.name
        assert "http://" not in text.replace("http://www.w3.org/", ""), path.name
        assert "https://" not in text, path.name


@pytest.mark.parametrize("name", JOINED)
def test_no_name_means_two_things_in_a_joined_script(name: str) -> None:
    declared = re.findall(rb"^(?:async )?(?:const|let|function|class) (\w+)", FILES.files[name].body, re.MULTILINE)

    assert sorted(declared) == sorted(set(declared))


@pytest.mark.parametrize("name", JOINED)
def test_a_joined_script_can_be_read(name: str, tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("a browser reads them in other tests; with node they are checked alone")
    path = tmp_path / "script.mjs"
    path.write_bytes(FILES.files[name].body)
    subprocess.run([node, "--check", str(path)], check=True, timeout=60)  # noqa: S603 - our own file


def test_every_widget_is_an_element_that_knows_its_room_and_its_options() -> None:
    body = FILES.files["component.js"].body.decode()

    assert set(ROOMS) == set(WIDGETS)
    for name in WIDGETS:
        assert f'"{name}":[' in body
    attributes = set(
        re.findall(r'(\w+): "(\w+)"', source("component.js")[: source("component.js").index("const COLOUR")])
    )
    assert {option for _, option in attributes} == (set(READERS) - {"width"}) | {"level", "columns"}


@pytest.mark.parametrize("language", ["en", "ar"])
def test_scripts_build_everything_that_widgets_are_made_of(language: str) -> None:
    text = source("tree.js")
    tags = set(" ".join(re.findall(r'^  "([^"]+)"', text, re.MULTILINE)).split())
    (pattern,) = re.findall(r"const SPOKEN = /\^(.+)\$/;", text)
    spoken = re.compile(pattern)
    for sample in samples(language):
        if sample.shown is not None:
            for tag, attributes in (
                each for level in LEVELS.values() for each in elements(tree(sample.shown, level=level))
            ):
                assert tag in tags, tag
                assert [name for name in attributes if not spoken.fullmatch(name)] == [], tag


def elements(whole: Any) -> list[tuple[str, dict[str, str]]]:
    """Return the elements of a tree."""
    if isinstance(whole, str):
        return []
    return [(whole[0], whole[1]), *(each for child in whole[2] for each in elements(child))]


async def test_a_script_is_kept_for_good_and_pages_can_compare_it(site: httpx.AsyncClient) -> None:
    for name, script in shared().items():
        answer = await site.get(script.path)
        digest = b64encode(hashlib.sha384(answer.content).digest()).decode()

        assert script.integrity == f"sha384-{digest}", name
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["content-type"].split(";")[0] in {"text/javascript", "text/css"}
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"


async def test_whoever_wants_the_newest_script_asks_each_time(site: httpx.AsyncClient) -> None:
    for name, script in shared().items():
        newest = await site.get(f"/w/{name}")
        again = await site.get(f"/w/{name}", headers={"If-None-Match": newest.headers["etag"]})

        assert newest.content == (await site.get(script.path)).content
        assert newest.headers["cache-control"] == "public, no-cache"
        assert again.status_code == 304


def test_what_was_given_out_once_is_what_it_was() -> None:
    for path in KEPT.glob("*"):
        stem, _, digest = path.stem.partition(".")
        assert f"{stem}{path.suffix}" in shared(), path.name
        assert hashlib.sha256(path.read_bytes()).hexdigest().startswith(digest), path.name


async def test_a_script_of_an_earlier_release_still_runs(
    site: httpx.AsyncClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "component.0123456789abcdef.js").write_text("earlier")
    monkeypatch.setattr("opencabinet.doors.widgets.scripts.KEPT", tmp_path)
    earlier = Scripts(FILES.given, {})

    assert earlier.by_address["component.0123456789abcdef.js"].body == b"earlier"
    assert (await site.get("/w/static/component.0123456789abcdef.js")).status_code == 404


async def test_there_are_no_other_files(site: httpx.AsyncClient) -> None:
    for path in ("tree.js", "component.js", "frame.0000000000000000.js", "..%2f__init__.py", "component"):
        assert (await site.get(f"/w/static/{path}")).status_code in {400, 404}


async def test_an_accent_is_a_colour_and_nothing_else(site: httpx.AsyncClient) -> None:
    answer = await site.get("/w/accents/AA2200.css")

    assert "from #aa2200 " in answer.text
    assert answer.headers["content-type"].startswith("text/css")
    for wrong in ("aa220", "aa22000", "gggggg", "aa2200}a{b", "%23aa2200"):
        assert (await site.get(f"/w/accents/{wrong}.css")).status_code in {400, 404}
