"""What is given in the examples of v1."""

from typing import Any, Final

from opencabinet.cli.demo import password
from tests.demonstration import files

LOGIN: Final = next(iter(files()))
QUERIES: Final = {
    "changes.list_changes": f"?since=evt_{LOGIN}_0&limit=1",
    "lots.show_closed_lots": "?group=symbol",
    "series.show_balance_series": "?limit=2",
    "market.show_quotes": "?server=HarbourStreet-MT4&symbols=EURUSD",
    "partners.list_clicks": "?from=2026-03-01&to=2026-04-01",
    "partners.show_results": "?from=2026-03-01&to=2026-04-01",
    "market.list_candles": "?server=HarbourStreet-MT4&symbol=EURUSD&limit=2",
}
"""What is asked for where one row, or all there is, would not show enough."""
WHEN: Final = "2026-10-30T18:05:00.000Z"
CHANGING: Final = frozenset(
    {
        "applications.show_application",
        "authorizations.list_authorizations",
        "changes.list_changes",
        "content.list_news",
        "credentials.list_tokens",
        "credentials.list_keys",
        "partners.explain_reward",
        "partners.list_claims",
        "partners.list_clicks",
        "partners.list_codes",
        "partners.list_each_click",
        "partners.list_disputes",
        "partners.list_links",
        "partners.list_payouts",
        "partners.show_dispute",
        "partners.show_partner",
        "partners.show_referrer",
        "partners.show_results",
        "webhooks.list_webhooks",
        "webhooks.list_deliveries",
    }
)
POLICY: Final = {
    "default": {"level": "password"},
    "functions": {
        "closed_trades": {"level": "both", "networks": ["203.0.113.0/255.255.255.0"]},
        "summary": {"level": "open", "note": "for my page", "left_out": {"hide": ["money", "volumes"]}},
    },
}
KEY: Final = {
    "kind": "server",
    "name": "reporting",
    "functions": ["balance", "closed_trades"],
    "networks": ["203.0.113.0/255.255.255.0"],
}
TICKET: Final = {"login": int(LOGIN), "functions": ["balance", "open_trades"], "origin": "https://www.example.com"}
WEBHOOK: Final = {
    "url": "https://hooks.example.com/cabinet",
    "types": ["trade.*", "margin.low"],
    "net_over": "100",
    "margin_level_under": "80",
}
APPLICATION: Final = {
    "name": "Ann Example",
    "email": "ann@example.com",
    "country": "DE",
    "currency": "EUR",
    "leverage": 100,
    "code": "HARBR",
}
LINK: Final = {"destination": "open-account", "campaign": "spring", "keywords": ["gold", "silver"], "code": "SPRING"}
TRIAL: Final = {
    "symbol": "EURUSD",
    "lots": "2",
    "contract_size": "100000",
    "open_price": "1.08500",
    "close_price": "1.08612",
}
BEFORE: Final[tuple[tuple[str, Any], ...]] = (
    ("webhooks.create_webhook", WEBHOOK),
    ("webhooks.test_webhook", None),
    ("webhooks.replay", {"since": f"evt_{LOGIN}_0"}),
    ("credentials.create_key", KEY),
    ("partners.make_link", LINK),
    ("partners.claim_client", {"account": 1001002, "evidence": "They wrote to us on 2 March before they signed up."}),
)
"""What is asked for so that lists have rows, by the id of the operation and with its body."""
AFTER: Final[tuple[tuple[str, Any], ...]] = (
    ("applications.apply", APPLICATION),
    ("partners.check_referral", {"account": 1001002}),
    ("partners.dispute_reward", {"text": "The trade was two lots, not one: see our report."}),
    ("partners.simulate_trade", TRIAL),
    ("partners.retire_link", None),
    ("partners.set_consent", {"level": "named"}),
    ("partners.withdraw_consent", None),
    ("access.simulate", {"functions": ["balance"], "addresses": ["203.0.113.7"], "policy": POLICY}),
    ("access.preview_policy", {"path": "/v1/accounts/1001001/balance", "policy": POLICY}),
    ("access.compare_policies", {"policy": POLICY}),
    ("access.set_policy", POLICY),
    ("changes.create_ticket", {"origin": "https://www.example.com"}),
    ("webhooks.change_webhook", {**WEBHOOK, "payload": "thin", "state": "active"}),
    ("webhooks.rotate_secret", None),
    ("webhooks.drop_webhook", None),
    ("credentials.set_password", {"how": "rotate"}),
    ("credentials.revoke_key", None),
    ("credentials.revoke_token", None),
    ("credentials.revoke_tokens", None),
    ("credentials.revoke_everything", None),
)
"""What is asked for when all is read."""
SIGNS: Final = {"secret": "whsec_" + "0123456789" * 4 + "abc="}
FEED: Final = "Live-1"
ROWS: Final = """\
{"row": "account", "number": 500001, "platform": "mt5", "name": "Ann Example", "currency": "USD", "balance": "993.00", \
"as_of": "2026-10-30T18:05:00Z"}
{"row": "deal", "number": 500001, "deal": 1, "type": "balance", "profit": "1000.00", "dealt_at": "2026-10-30T09:00:00Z"}
{"row": "deal", "number": 500001, "deal": 2, "position": 2, "symbol": "EURUSD", "type": "buy", "direction": "in", \
"lots": "0.10", "contract_size": "100000", "digits": 5, "price": "1.08500", "commission": "-0.35", \
"dealt_at": "2026-10-30T10:00:00.120Z"}
"""
SHOWN_ONCE: Final = {
    "applications.apply": {"token": "oca_" + "0123456789" * 4 + "abc" + "000000"},
    "credentials.set_password": {"password": "ccp_" + "0123456789" * 2 + "abcdef" + "000000"},
    "webhooks.create_webhook": SIGNS,
    "webhooks.rotate_secret": SIGNS,
}
ASKED: Final = {"login": int(LOGIN), "password": password(LOGIN), "family": "client"}
