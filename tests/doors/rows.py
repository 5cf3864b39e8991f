"""Every endpoint, and what it is said to need: written by hand, so that an endpoint without a row is found."""

from typing import Final

from msgspec import Struct

PUBLIC: Final = None
FEED: Final = "feed"
V1: Final = "/v1/accounts/{login}"
PARTNER: Final = "/v1/partners/{login}"
OLD: Final = "/client/request"
BASIC: Final = "/api/clientcabinetbasic/"


class Row(Struct, frozen=True, kw_only=True):
    """What an endpoint needs: None where it reads no account, `feed` where rows are brought in.

    `fresh` needs a password shown a moment ago.

    Whoever is let into one that `changes` something is stopped after the judge, by a parameter that nobody knows.
    Others answer 200, or 404 where the account of the test has nothing of the kind.
    """

    function: str | None
    fresh: bool = False
    changes: bool = False
    answers: int = 200


def reads(function: str, *paths: str) -> dict[tuple[str, str], Row]:
    """Return the rows of endpoints that read an account."""
    return {("GET", path): Row(function=function) for path in paths}


def asks(function: str, *paths: str) -> dict[tuple[str, str], Row]:
    """Return the rows of endpoints that find the account in the body."""
    return {("POST", path): Row(function=function) for path in paths}


def writes(*endpoints: tuple[str, str], fresh: bool, function: str = "access") -> dict[tuple[str, str], Row]:
    """Return the rows of endpoints that change who may ask, or who is told."""
    return {(verb, f"{V1}/{path}"): Row(function=function, fresh=fresh, changes=True) for verb, path in endpoints}


def nothing_of(function: str, *paths: str) -> dict[tuple[str, str], Row]:
    """Return the rows of endpoints that read what the account of the test does not have."""
    return {("GET", path): Row(function=function, answers=404) for path in paths}


def of_partners(*endpoints: tuple[str, str, str]) -> dict[tuple[str, str], Row]:
    """Return the rows of endpoints that change something of a partner, by function."""
    return {(verb, f"{PARTNER}/{path}"): Row(function=function, changes=True) for verb, path, function in endpoints}


def public(verb: str, *paths: str) -> dict[tuple[str, str], Row]:
    """Return the rows of endpoints that read no account."""
    return {(verb, path): Row(function=PUBLIC) for path in paths}


ROWS: Final[dict[tuple[str, str], Row]] = {
    **reads("summary", V1, f"{V1}/summary", f"{OLD}accountsummary/{{login}}", f"{OLD}accountstatement/{{login}}"),
    **reads("balance", f"{V1}/balance", f"{OLD}balanceinformation/{{login}}"),
    **reads("open_trades", f"{V1}/trades/open", f"{OLD}opentrades/{{login}}"),
    **reads("closed_trades", f"{V1}/trades/closed", f"{OLD}closedtrades/{{login}}"),
    **reads("orders", f"{V1}/orders"),
    **reads(
        "closed_lots", f"{V1}/closed-lots", f"{OLD}closedlots/{{login}}", f"{OLD}closedlots/{{login}}/{{from}}/{{to}}"
    ),
    **reads("movements", f"{V1}/movements", f"{OLD}balanceoperations/{{login}}"),
    **reads("bonuses", f"{V1}/bonuses", f"{OLD}bonusstatistic/{{login}}", f"{OLD}bonusstatistics/{{login}}"),
    **reads(
        "authorizations", f"{V1}/authorizations", f"{OLD}authorizationhistory/{{login}}", f"{OLD}loginhistory/{{login}}"
    ),
    **reads("statistics", f"{V1}/series/balance", f"{V1}/metrics", f"{V1}/metrics/{{name}}/explain", f"{V1}/breakdown"),
    **reads(
        "statement", f"{V1}/statement", *(f"{V1}/statement.{form}" for form in ("json", "csv", "html", "xlsx", "pdf"))
    ),
    **reads("commissions", f"{PARTNER}/rewards", "/partner/getcommissionrecords/{login}"),
    **reads("commissions", "/partner/gettotalcommission/{login}", "/partner/getagenttotalcommission/{login}"),
    **reads("clicks", f"{PARTNER}/clicks", "/partner/getclickstatistics/{login}", "/partner/getclicks/{login}"),
    **reads("referrals", f"{PARTNER}/clients", f"{PARTNER}/claims", f"{PARTNER}/statistics"),
    **reads("referrals", "/partner/checkreferral/{login}/{account}"),
    **reads("referrals", "/partner/getreferrals/{login}", "/partner/getaccounts/{login}"),
    **nothing_of("referrals", f"{PARTNER}/rewards/{{id}}/explain"),
    **reads("promotion", f"{PARTNER}/codes", f"{PARTNER}/links", f"{PARTNER}/destinations", f"{PARTNER}/clicks/each"),
    **reads("promotion", "/partner/getbanners/{login}"),
    **nothing_of("promotion", PARTNER, f"{PARTNER}/banners"),
    **reads("payouts", f"{PARTNER}/payouts", f"{PARTNER}/disputes"),
    **nothing_of("payouts", f"{PARTNER}/disputes/{{id}}"),
    **of_partners(
        ("POST", "claims", "referrals"),
        ("POST", "referral-checks", "referrals"),
        ("POST", "links", "promotion"),
        ("DELETE", "links/{id}", "promotion"),
        ("POST", "rewards/{id}/disputes", "payouts"),
        ("POST", "simulate", "payouts"),
    ),
    **reads("person", f"{V1}/partner"),
    **nothing_of("person", f"{V1}/partner/consent"),
    **writes(("PUT", "partner/consent"), fresh=True, function="person"),
    **writes(("DELETE", "partner/consent"), fresh=False, function="person"),
    **reads("access", f"{V1}/access-policy", f"{V1}/tokens", f"{V1}/keys"),
    **reads("changes", f"{V1}/changes", f"{V1}/events"),
    ("POST", f"{V1}/tickets"): Row(function="changes", changes=True),
    **reads("webhooks", f"{V1}/webhooks"),
    ("GET", f"{V1}/webhooks/{{id}}/deliveries"): Row(function="webhooks", answers=404),
    **asks("person", f"{BASIC}getaccountinformation"),
    ("POST", f"{BASIC}getlastfournumbersphone"): Row(function="person", answers=404),
    ("POST", f"{BASIC}getdepositlink"): Row(function="summary", answers=404),
    **asks("open_trades", f"{BASIC}getopentrades"),
    **asks("closed_trades", f"{BASIC}getclosedtrades"),
    **asks("movements", f"{BASIC}getbalanceoperationshistory"),
    **asks("bonuses", f"{BASIC}getbonusstatistic"),
    **asks("summary", "/api/clientcabinetfavourite/getmystats"),
    **writes(
        ("PUT", "access-policy"),
        ("POST", "keys"),
        ("PUT", "password"),
        fresh=True,
    ),
    **writes(
        *(("POST", f"access-policy/{verb}") for verb in ("simulate", "preview", "diff")),
        ("DELETE", "tokens"),
        ("DELETE", "tokens/{id}"),
        ("DELETE", "keys/{id}"),
        ("POST", "not-me"),
        fresh=False,
    ),
    **writes(
        ("POST", "webhooks"),
        ("PUT", "webhooks/{id}"),
        ("POST", "webhooks/{id}/secret"),
        fresh=True,
        function="webhooks",
    ),
    **writes(
        ("DELETE", "webhooks/{id}"),
        ("POST", "webhooks/{id}/test"),
        ("POST", "webhooks/{id}/replay"),
        fresh=False,
        function="webhooks",
    ),
    ("POST", "/v1/ingest"): Row(function=FEED, changes=True),
    **public("GET", "/", "/home/getapiusageinfo", "/home/getclientsapi", f"{OLD}servertime"),
    **public("GET", "/docs", "/docs/problems", "/docs/assets/{name}", "/v1/openapi.json", "/v1/whoami", "/v1/limits"),
    **public("GET", "/go/{code}", "/go/{code}/qr.svg", "/go/{code}/qr.png"),
    **public("GET", "/v1/news", "/news", "/analytics", "/news/{id}", "/feeds/{name}", "/banners/{id}/{name}"),
    ("GET", "/v1/quotes"): Row(function=PUBLIC, answers=400),
    ("GET", "/v1/candles"): Row(function=PUBLIC, answers=400),
    ("GET", "/v1/applications/{id}"): Row(function=PUBLIC, answers=404),
    **public("POST", "/v1/applications"),
    **public("GET", "/w/{name}", "/w/{name}/{login}", "/w/oembed", "/w/gallery"),
    **public("GET", "/w/private/{name}/{login}", "/w/accents/{name}", "/w/static/{name}"),
    **public("GET", "/informers", "/informers/{name}", "/informers/look.css", "/informers/assets/{name}"),
    **public("GET", "/informers/{name}/{action}", "/informers/{name}/{action}/{third}"),
    **public("GET", "/informers/{name}/{action}/{third}/{fourth}"),
    **public("GET", "/informers/{name}/{action}/{third}/{fourth}/{fifth}"),
    **public("GET", "/open-account", "/open-account/thanks", "/{lang}/partner_open_account.aspx", "/landings/{name}"),
    **public("POST", "/open-account"),
    **public("POST", "/v1/tickets", "/v1/tickets/exchange"),
    **public("POST", "/v1/tokens", f"{BASIC}isaccountcredentialscorrect"),
    **public(
        "POST",
        *(
            f"/api/authentication/request{family}apitoken"
            for family in ("client", "partner", "mobliecabinet", "mobilecabinet")
        ),
    ),
}
