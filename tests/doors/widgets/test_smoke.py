import httpx
from opencabinet.accounts import Account
async def test_smoke(site: httpx.AsyncClient, account: Account) -> None:
    for w in ("balance","summary","open-trades","closed-trades","closed-lots","balance-chart","statistics","monthly","bonus","commissions","clicks"):
        for e in ("",".json",".svg",".png",".txt",".atom"):
            a = await site.get(f"/w/{w}/{account.login}{e}")
            print(w,e,a.status_code,len(a.content),a.headers.get("content-type"), a.headers.get("etag"), a.headers["cache-control"])
    for p in ("/w/quotes","/w/news","/w/news.json","/w/nope","/w/nope/1","/w/quotes/1","/w/balance","/w/balance/1.exe", f"/w/balance/{account.login}?theme=pink", f"/w/balance/{account.login}.json?theme=pink", "/w/balance/99.json","/w/component.js","/w/oembed?url=x"):
        a = await site.get(p); print(p,a.status_code,a.text[:150].replace("\n"," "))
    a = await site.get("/w/oembed", params={"url": f"http://cabinet.test/w/balance/{account.login}?theme=dark"}); print(a.text)
    a = await site.get("/w/oembed", params={"url": f"http://cabinet.test/w/balance/{account.login}.png","format":"xml"}); print(a.text)
    print((await site.get(f"/w/balance/{account.login}?accent=aa2200")).text)
    print((await site.get(f"/w/balance/{account.login}.json")).text)
    print((await site.get(f"/w/open-trades/{account.login}.txt")).text)
    a=(await site.get(f"/w/open-trades/{account.login}.txt")); print(a.headers)
