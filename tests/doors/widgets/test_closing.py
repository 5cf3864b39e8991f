"""What was shown is gone once its account is closed, or another is asked for; and comes back once it may."""

from pathlib import Path
from typing import Any, Final

from opencabinet import access
from opencabinet.access import Level, Policy, Rule
from opencabinet.accounts import Account
from opencabinet.db import Connection
from tests.clients.serving import Server
from tests.doors.promo.fragments.browsing import Browser
from tests.doors.widgets.conftest import OPEN
from tests.doors.widgets.pages import element, put, shown

CLOSED: Final = Policy(default=Rule(level=Level.PASSWORD))
RENEWED: Final = "() => document.querySelector('cabinet-balance').refresh()"
STATE: Final = """(state) => {
  const card = document.querySelector("cabinet-balance").shadowRoot.querySelector("article");
  return card?.dataset.state === state;
}"""
HELD: Final = (
    """() => [...document.querySelectorAll("cabinet-balance")].map((each) => each.shadowRoot.textContent).join(" ")"""
)
FIGURE: Final = "1,000.00"
SET_BACK: Final = """() => {
  const now = Date.now;
  Date.now = () => now() - 3_600_000;
  document.dispatchEvent(new Event("visibilitychange"));
}"""
"""The clock of the computer goes back an hour while a page is looked at."""
RICHER: Final = "UPDATE accounts SET balance = 1100, equity = 1100 WHERE login = %(login)s"


async def opened(looking: Browser, server: Server, elsewhere: tuple[str, Path], body: str) -> Any:
    """Give a page with widgets whose first is shown."""
    origin, folder = elsewhere
    put(folder, server, body)
    page = await looking.page(height=2000)
    await page.goto(f"{origin}/page.html")
    await shown(page, "cabinet-balance")
    return page


async def closed_now(page: Any, committed: Connection, account: Account) -> None:
    """Close an account, and let a page hear of it."""
    await access.set_policy(committed, account.login, CLOSED)
    await page.evaluate(RENEWED)
    await page.wait_for_function(STATE, arg="refused")


async def test_an_account_that_is_opened_again_is_shown_again_though_nothing_changed(
    server: Server, looking: Browser, elsewhere: tuple[str, Path], account: Account, committed: Connection
) -> None:
    page = await opened(looking, server, elsewhere, element("balance", account.login))
    await closed_now(page, committed, account)

    await access.set_policy(committed, account.login, OPEN)
    await page.evaluate(RENEWED)
    await page.wait_for_function(STATE, arg="shown")


async def test_nothing_of_a_closed_account_is_left_on_the_page_or_shown_by_an_element_that_comes_later(
    server: Server, looking: Browser, elsewhere: tuple[str, Path], account: Account, committed: Connection
) -> None:
    page = await opened(looking, server, elsewhere, element("balance", account.login))
    await closed_now(page, committed, account)
    assert FIGURE not in await page.evaluate(HELD)

    seen = await page.evaluate(
        """(login) => {
          const later = document.createElement("cabinet-balance");
          later.setAttribute("login", login);
          document.querySelector("main").append(later);
          return later.shadowRoot.querySelector("article").dataset.state;
        }""",
        str(account.login),
    )

    assert seen == "refused", "It does not wait a minute for what is known already."
    assert FIGURE not in await page.evaluate(HELD)


async def test_what_was_told_to_those_who_listen_is_taken_back(
    server: Server, looking: Browser, elsewhere: tuple[str, Path], account: Account, committed: Connection
) -> None:
    origin, folder = elsewhere
    put(folder, server, element("balance", account.login))
    page = await looking.page()
    await page.clock.install()
    await page.goto(f"{origin}/page.html")
    await shown(page, "cabinet-balance")
    await committed.run(RICHER, login=account.login)
    said = page.locator("cabinet-balance p[role=status].oc-hidden")
    for _ in range(14):
        await page.clock.run_for(5_000)
        await page.wait_for_timeout(60)
    assert "1,100.00" in await said.inner_text()

    await access.set_policy(committed, account.login, CLOSED)
    await page.clock.run_for(6_000)
    await shown(page, "cabinet-balance", "article[data-state=refused]")
    assert "1,100.00" not in await page.evaluate(HELD)


async def test_figures_of_one_account_never_stand_under_the_login_of_another(
    server: Server, looking: Browser, elsewhere: tuple[str, Path], account: Account
) -> None:
    page = await opened(looking, server, elsewhere, element("balance", account.login))
    await page.route("**/w/balance/777.json*", lambda route: route.abort())

    await page.evaluate("() => { document.querySelector('cabinet-balance').setAttribute('login', '777') }")
    await page.wait_for_function(STATE, arg="refused")

    assert FIGURE not in await page.evaluate(HELD)


async def test_what_went_out_of_a_page_long_ago_comes_back_with_figures_of_now(
    server: Server, looking: Browser, elsewhere: tuple[str, Path], account: Account, committed: Connection
) -> None:
    page = await opened(looking, server, elsewhere, element("balance", account.login))
    await page.evaluate("() => { window.kept = document.querySelector('cabinet-balance'); kept.remove() }")
    await committed.run(RICHER, login=account.login)
    await page.wait_for_timeout(5_500)  # longer than figures are fresh

    seen = await page.evaluate(
        """async (login) => {
          const later = document.createElement("cabinet-balance");
          later.setAttribute("login", login);
          document.querySelector("main").append(later);
          const first = later.shadowRoot.textContent;
          await new Promise((done) => later.addEventListener("cabinet-load", done, { once: true }));
          return [first, later.shadowRoot.textContent];
        }""",
        str(account.login),
    )
    assert FIGURE not in seen[0]
    assert "1,100.00" in seen[1]


async def test_a_clock_that_is_set_back_holds_nothing_up(
    server: Server, looking: Browser, elsewhere: tuple[str, Path], account: Account, committed: Connection
) -> None:
    page = await opened(looking, server, elsewhere, element("balance", account.login))
    await page.evaluate(SET_BACK)
    await committed.run(RICHER, login=account.login)

    await page.wait_for_function(
        """() => document.querySelector("cabinet-balance").shadowRoot.textContent.includes("1,100.00")"""
    )
