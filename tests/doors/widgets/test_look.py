from pathlib import Path
import pytest
from tests.doors.widgets.pages import *
from opencabinet.accounts import Account

async def test_look(server, looking, elsewhere, account, closed):
    origin, folder = elsewhere
    l = account.login
    body = "".join(element(n, l) for n in ("balance","summary","open-trades","balance-chart","statistics")) + element("balance", closed.login) + element("balance", closed.login, "<a href='/x'>My balance</a>") + framed(server, f"/w/closed-trades/{l}?accent=aa2200")
    put(folder, server, body)
    page = await looking.page(width=900, height=2600)
    await page.goto(f"{origin}/page.html")
    await page.wait_for_timeout(2500)
    await page.screenshot(path="/tmp/oc/l10/w1.png", full_page=True)
    print(looking.said)
    print([ (await page.evaluate(SHIFTS)) ])
    put(folder, server, body, scheme="dark", lang="ar", name="b")
    page = await looking.page(width=400, height=2600, dark=True)
    await page.goto(f"{origin}/b.html")
    await page.wait_for_timeout(2500)
    await page.screenshot(path="/tmp/oc/l10/w2.png", full_page=True)
    print(looking.said, looking.asked)
