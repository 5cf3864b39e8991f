"""The pages that show the API, as a browser shows them: every operation, within our policy, from this host alone."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from tests.clients.serving import Server
from tests.doors.v1 import fuzzing
from tests.needs import lacking

SECONDS: Final = 60
SHOWN: Final = re.compile(r'class="opblock-summary-path[^"]*" data-path="([^"]+)"')
CSP: Final = re.compile(r"Content.Security.Policy|Refused to", re.IGNORECASE)
TWIN: Final = """<!doctype html><meta http-equiv="Content-Security-Policy" content="script-src 'none'">
<script>document.title = "ran"</script><img src="http://203.0.113.7/seen.png">"""


class Seen:
    """What a browser made of a page: the document, what it said, and what it asked for."""

    def __init__(self, document: str, said: str, asked: list[str]) -> None:
        self.document = document
        self.said = said
        self.asked = asked


def browsed(where: str, folder: Path) -> Seen:
    """Show a page in Chromium."""
    browser = shutil.which("chromium") or lacking("install chromium to see the pages as a browser does")
    net = folder / "net.json"
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--enable-logging=stderr"]
    options += [f"--user-data-dir={folder / 'profile'}", f"--log-net-log={net}", "--virtual-time-budget=15000"]
    command = [browser, *options, "--dump-dom", where]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=True)  # noqa: S603 - found above
    return Seen(done.stdout, done.stderr, asked(json.loads(net.read_text("utf-8"))))


def asked(log: Any) -> list[str]:
    """Return the addresses that a page asked for; what the browser wants for itself names no page."""
    parameters = (event.get("params", {}) for event in log["events"])
    return [
        each["url"]
        for each in parameters
        if "url" in each and each.get("initiator", "not an origin") != "not an origin"
    ]


def test_the_page_shows_every_operation_within_our_policy_and_from_this_host(server: Server, tmp_path: Path) -> None:
    definition = httpx.get(f"{server.url}/v1/openapi.json").json()

    seen = browsed(f"{server.url}/docs", tmp_path)

    shown = [path.replace("\u200b", "") for path in SHOWN.findall(seen.document)]
    assert sorted(shown) == sorted(path for path, verbs in definition["paths"].items() for _ in verbs)
    assert len(shown) == len(fuzzing.operations(definition))
    assert CSP.findall(seen.said) == []
    assert {f"{server.url}/docs/assets/docs.js", f"{server.url}/v1/openapi.json"} <= set(seen.asked)
    assert [url for url in seen.asked if not url.startswith((server.url, "data:", "blob:"))] == []


def test_a_page_that_breaks_its_policy_and_asks_elsewhere_is_found_out(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(TWIN, "utf-8")

    seen = browsed(page.as_uri(), tmp_path)

    assert CSP.findall(seen.said)
    assert "http://203.0.113.7/seen.png" in seen.asked


@pytest.mark.parametrize("page", ["/docs", "/docs/problems"])
async def test_a_page_names_files_of_this_host_only_and_all_are_there(site: httpx.AsyncClient, page: str) -> None:
    answer = await site.get(page)
    named = re.findall(r'(?:src|href)="([^"]+)"', answer.text)

    assert answer.status_code == 200
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert "'unsafe-inline'" not in answer.headers["content-security-policy"]
    assert named
    for each in named:
        assert each.startswith("/"), each
        assert (await site.get(each)).status_code == 200, each


async def test_no_other_file_is_shown(site: httpx.AsyncClient) -> None:
    for name in ("nothing", "__init__.py", "index.html", "swagger-ui.js", "docs.html"):
        assert (await site.get(f"/docs/assets/{name}")).status_code == 404, name
    for name in ("%2e%2e%2fdocuments.py", "..%2f..%2fproblems.py", "%5c..%5cdocuments.py", "docs.js%00"):
        assert (await site.get(f"/docs/assets/{name}")).status_code == 400, name
