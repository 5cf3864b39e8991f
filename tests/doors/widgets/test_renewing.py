"""How elements renew their figures: while somebody looks, seldom, and never against a busy server."""

from pathlib import Path
from typing import Any

from opencabinet.accounts import Account
from tests.clients.serving import Server
from tests.doors.promo.fragments.browsing import Browser
from tests.doors.widgets.pages import element, put, shown


async def test_a_server_that_is_busy_is_left_alone(
    server: Server, looking: Browser, elsewhere: tuple[str, Path], account: Account
) -> None:
    origin, folder = elsewhere
    put(folder, server, element("balance", account.login))
    page = await looking.page()
    await page.clock.install()
    busy: list[str] = []

    async def refuse(route: Any) -> None:
        busy.append(route.request.url)
        headers = {
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Expose-Headers": "Retry-After",
            "Retry-After": "120",
        }
        await route.fulfill(status=429, headers=headers, body="{}")

    await page.route("**/w/balance/*.json*", refuse)
    await page.goto(f"{origin}/page.html")
    await shown(page, "cabinet-balance", "article[data-state=refused]")
    await passed(page, 110)
    assert len(busy) == 1
    await passed(page, 20)
    assert len(busy) == 2
    await passed(page, 100)
    assert len(busy) == 2


async def test_figures_are_asked_for_while_somebody_looks_and_only_sent_if_they_changed(
    server: Server, looking: Browser, elsewhere: tuple[str, Path], account: Account
) -> None:
    origin, folder = elsewhere
    put(folder, server, element("balance", account.login))
    page = await looking.page()
    answers: list[Any] = []
    page.on("response", lambda answer: answers.append(answer) if "/w/balance/" in answer.url else None)
    await page.goto(f"{origin}/page.html")
    await shown(page, "cabinet-balance")
    await page.evaluate("() => document.querySelector('cabinet-balance').refresh()")
    while len(answers) < 2:
        await page.wait_for_timeout(100)
    asked = [await answer.request.all_headers() for answer in answers]

    assert "if-none-match" not in asked[0]
    assert asked[1]["if-none-match"] == answers[0].headers["etag"]
    assert {"cookie", "referer"} & {name for each in asked for name in each} == set()
    await page.evaluate(
        """() => {
          Object.defineProperty(document, "visibilityState", { value: "hidden" });
          document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )
    seen = len(answers)
    await page.wait_for_timeout(6_000)
    assert len(answers) == seen, "Nobody looks."


async def test_the_main_figure_is_told_to_those_who_listen_but_seldom(
    server: Server, looking: Browser, elsewhere: tuple[str, Path], account: Account
) -> None:
    origin, folder = elsewhere
    put(folder, server, element("balance", account.login))
    page = await looking.page()
    await page.clock.install()
    told = iter(range(1, 1000))

    async def another(route: Any) -> None:
        answer = await route.fetch()
        number = str(next(told))
        await route.fulfill(
            json={**(await answer.json()), "said": f"Equity: {number}"},
            headers=answer.headers | {"etag": f'"{number}"'},
        )

    await page.route("**/w/balance/*.json*", another)
    await page.goto(f"{origin}/page.html")
    await shown(page, "cabinet-balance")
    said = page.locator("cabinet-balance p[role=status].oc-hidden")
    assert await said.inner_text() == ""
    heard = []
    for _ in range(26):  # two minutes and some
        await passed(page, 5)
        heard.append(await said.inner_text())

    assert 1 <= len({each for each in heard if each}) <= 3
    assert heard[4] == ""


async def passed(page: Any, seconds: int) -> None:
    """Let time pass on a page, and answers come meanwhile."""
    for _ in range(0, seconds, 5):
        await page.clock.run_for(5_000)
        await page.wait_for_timeout(60)
