"""What handlers know of the settings and the keys: it stands in the application's state."""

from typing import Any
from urllib.parse import urlsplit

from opencabinet.access import Limits as Guesses
from opencabinet.access.keyfile import Keys
from opencabinet.doors import v1, widgets
from opencabinet.settings import Settings


def known(given: Settings, keys: Keys) -> dict[str, Any]:
    """Return what handlers know, by its names in the state."""
    return {
        "pepper": keys.pepper,
        "chosen_passwords": given.chosen_passwords,
        "sealer": v1.Sealer(keys.cursors),
        "webhook_key": keys.webhooks,
        "answers_key": keys.answers,
        "reach": given.reach,
        "applying": given.applications,
        "plain_http": given.plain_http,
        "public_url": given.public_url,
        "brand": given.brand,
        "informer_server": given.informer_server,
        "widgets_host": given.widgets_host.lower(),
        "widgets_origin": widgets_origin(given),
        "widgets_shared": widgets.shared(),
        "guesses": Guesses(beside=max(1, given.pool_size // 4)).times(given.guess_factor),
    }


def widgets_origin(given: Settings) -> str:
    """Return where browsers reach widgets, if they have a host of their own: by the scheme and port of the cabinet."""
    if not given.widgets_host:
        return ""
    cabinet = urlsplit(given.public_url or (f"http://localhost:{given.port}" if given.loopback else "https://"))
    return f"{cabinet.scheme}://{given.widgets_host.lower()}" + (f":{cabinet.port}" if cabinet.port else "")
