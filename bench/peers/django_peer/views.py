"""The views."""

from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Sum
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bench.peers.django_peer import serializers
from bench.peers.django_peer.models import Account, ClosedTrade, DailyLots, Movement, OpenTrade
from bench.peers.django_peer.permissions import MayRead

NOTHING = Decimal(0)


class AccountView(APIView):
    """A view of an account that the caller may read."""

    permission_classes = [MayRead]  # noqa: RUF012 - Django REST framework's own way
    function = ""

    @staticmethod
    def account(login: int) -> Account:
        """Return the account."""
        found: Account = get_object_or_404(Account, login=login)
        return found

    @staticmethod
    def opened(login: int) -> Any:
        """Return the newest open trades."""
        return OpenTrade.objects.filter(login=login).order_by("-opened_at", "-position")[:100]

    @staticmethod
    def open_totals(login: int) -> dict[str, Any]:
        """Return what the open trades add up to."""
        return OpenTrade.objects.filter(login=login).aggregate(
            trades=Count("position"),
            lots=Coalesce(Sum("lots"), NOTHING),
            profit=Coalesce(Sum("profit"), NOTHING),
            swap=Coalesce(Sum("swap"), NOTHING),
            costs=Coalesce(Sum(F("commission") + F("fee")), NOTHING),
        )

    @staticmethod
    def closed_totals(login: int) -> dict[str, Any]:
        """Return what the closed trades add up to."""
        found = DailyLots.objects.filter(login=login).aggregate(
            trades=Sum("trades"),
            lots=Coalesce(Sum("lots"), NOTHING),
            profit=Coalesce(Sum("profit"), NOTHING),
            swap=Coalesce(Sum("swap"), NOTHING),
            costs=Coalesce(Sum(F("commission") + F("fee")), NOTHING),
        )
        return found | {"trades": int(found["trades"] or 0)}


class Balance(AccountView):
    """The account's money."""

    function = "balance"

    def get(self, request: Request, login: int) -> Response:
        """Show it."""
        del request
        return Response(serializers.BalanceSerializer(serializers.balance_of(self.account(login))).data)


class OpenTrades(AccountView):
    """The trades that are open."""

    function = "open_trades"

    def get(self, request: Request, login: int) -> Response:
        """List them."""
        del request
        account, trades = self.account(login), list(self.opened(login))
        receipt = {
            "count": len(trades),
            "first_id": trades[0].position if trades else None,
            "last_id": trades[-1].position if trades else None,
            **dict.fromkeys(("opening_balance", "movements", "results", "costs", "closing_balance", "reason")),
            "currency": account.currency,
            "complete": account.complete,
        }
        shown = {
            "data": [serializers.open_trade_of(trade, account) for trade in trades],
            "page": {"next_cursor": None, "has_more": False, "limit": 100},
            "period": {"from": None, "to": None, "time_field": "open"},
            "receipt": receipt,
            "as_of": account.as_of,
        }
        return Response(serializers.OpenTradesSerializer(shown).data)


class Summary(AccountView):
    """An account at a glance."""

    function = "summary"

    def get(self, request: Request, login: int) -> Response:
        """Show it."""
        del request
        account, opened, closed = self.account(login), self.open_totals(login), self.closed_totals(login)
        moved = Movement.objects.filter(login=login).values("kind").order_by("kind")
        kinds = list(moved.annotate(movements=Count("ticket"), moved=Sum("amount")))
        by_time = ClosedTrade.objects.filter(login=login).order_by("-closed_at", "-ticket")
        results = closed["profit"] + closed["swap"] + closed["costs"]
        movements = sum((each["moved"] for each in kinds), NOTHING)
        receipt = {
            "count": closed["trades"],
            "first_id": by_time.values_list("ticket", flat=True).first(),
            "last_id": by_time.reverse().values_list("ticket", flat=True).first(),
            "opening_balance": account.balance - results - movements,
            "movements": movements,
            "results": results,
            "costs": NOTHING,
            "closing_balance": account.balance,
            "currency": account.currency,
            "complete": account.complete,
            "reason": None,
        }
        shown = {
            "login": login,
            "period": {"from": None, "to": None, "time_field": "close"},
            "balance": serializers.balance_of(account),
            "open": opened | {"net": opened["profit"] + opened["swap"] + opened["costs"]},
            "closed": closed | {"net": results},
            "moved": [each | {"amount": each["moved"]} for each in kinds],
            "receipt": receipt,
            "as_of": account.as_of,
        }
        return Response(serializers.SummarySerializer(shown).data)


class LegacyBalance(Balance):
    """The account's money, on the legacy wire."""

    def get(self, request: Request, login: int) -> Response:
        """Show it."""
        del request
        return Response(serializers.LegacyBalanceSerializer(serializers.balance_of(self.account(login))).data)


class LegacyOpenTrades(OpenTrades):
    """The trades that are open, on the legacy wire."""

    def get(self, request: Request, login: int) -> Response:
        """List them."""
        del request
        return Response(serializers.LegacyOpenTradeSerializer(self.opened(login), many=True).data)


class LegacySummary(Summary):
    """An account's money and trades, on the legacy wire."""

    def get(self, request: Request, login: int) -> Response:
        """Show it."""
        del request
        account, opened, closed = self.account(login), self.open_totals(login), self.closed_totals(login)
        money = serializers.balance_of(account)
        shown = money | {
            "profit": money["floating"] or NOTHING,
            "leverage": account.leverage or 0,
            "open_count": opened["trades"],
            "open_lots": opened["lots"],
            "count": opened["trades"] + closed["trades"],
            "lots": opened["lots"] + closed["lots"],
        }
        return Response(serializers.LegacySummarySerializer(shown).data)
