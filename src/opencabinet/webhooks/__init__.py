"""Webhooks: who listens to an account, which of its events they are sent, and what was delivered."""

from opencabinet.webhooks.deliveries.actions import Page, Replayed, page, replay, replay_since
from opencabinet.webhooks.deliveries.model import Attempt, Delivery
from opencabinet.webhooks.deliveries.store import before
from opencabinet.webhooks.endpoints.actions import change, drop, make, rotate, set_state, test
from opencabinet.webhooks.endpoints.store import every, listed
from opencabinet.webhooks.jobs import Hooks, forget_old_deliveries
from opencabinet.webhooks.margins.actions import Levels, watch
from opencabinet.webhooks.model import Endpoint, Filters, NoSuchWebhook, Wanted, spelled
from opencabinet.webhooks.sending.addresses import BadAddress, Reach, place

__all__ = [
    "Attempt",
    "BadAddress",
    "Delivery",
    "Endpoint",
    "Filters",
    "Hooks",
    "Levels",
    "NoSuchWebhook",
    "Page",
    "Reach",
    "Replayed",
    "Wanted",
    "before",
    "change",
    "drop",
    "every",
    "forget_old_deliveries",
    "listed",
    "make",
    "page",
    "place",
    "replay",
    "replay_since",
    "rotate",
    "set_state",
    "spelled",
    "test",
    "watch",
]
