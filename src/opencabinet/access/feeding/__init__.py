"""Feed keys: credentials of the installation, with which programs bring in rows of trading servers."""

from opencabinet.access.feeding.actions import keep_feeding, make_feed_key, permit_feed, revoke_feed_key
from opencabinet.access.feeding.model import Feeder, FeedKey, MadeFeedKey, NewFeedKey, NoSuchServer
from opencabinet.access.feeding.store import feed_keys

__all__ = [
    "FeedKey",
    "Feeder",
    "MadeFeedKey",
    "NewFeedKey",
    "NoSuchServer",
    "feed_keys",
    "keep_feeding",
    "make_feed_key",
    "permit_feed",
    "revoke_feed_key",
]
