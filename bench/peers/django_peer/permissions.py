"""Whether a caller may read the account."""

from datetime import UTC, datetime
from ipaddress import ip_address, ip_network
from typing import Any

from django.db.models import Q
from django.db.models.functions import Now
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from bench.peers.django_peer.models import AccessRule, Token
from bench.peers.judging import Rule, allowed, digest


class MayRead(BasePermission):
    """Lets through who shows a good token of the account, or may read it without one."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether a request may be answered."""
        login, named = int(view.kwargs["login"]), view.__class__
        shown, kind = self.shown(request)
        owner = None if shown is None else self.owner(shown, kind)
        ends = Q(expires_at__isnull=True) | Q(expires_at__gt=datetime.now(UTC))
        names = [getattr(named, "function", ""), "default"]
        rules = AccessRule.objects.filter(ends, login=login, function__in=names)
        known = [Rule(rule.function, rule.level, [ip_network(each) for each in rule.networks]) for rule in rules]
        return allowed(login, owner, known, ip_address(request.META["REMOTE_ADDR"]), shown=shown is not None)

    def shown(self, request: Request) -> tuple[str | None, str]:
        """Return the token that a request shows, and of which kind it is."""
        if not request.path.startswith("/v1/"):
            return request.headers.get("passkey"), "legacy"
        return request.headers.get("authorization", "").removeprefix("Bearer ") or None, "bearer"

    def owner(self, token: str, kind: str) -> Any:
        """Return whose token it is, if it is a good one."""
        good = Token.objects.filter(
            hash=digest(token), kind=kind, family="client", expires_at__gt=Now(), revoked_at__isnull=True
        )
        return good.values_list("login", flat=True).first()
