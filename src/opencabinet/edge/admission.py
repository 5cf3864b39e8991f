"""Admission: a request is worked on when its lane has a place; past what the server can do, it is sent away at once."""

import hashlib
import re
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from http import HTTPStatus
from typing import Any, Final

from litestar.enums import HttpMethod, ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from opencabinet.doors.caller import PROPOSED, REQUEST_ID
from opencabinet.doors.seen import SEEN, Seen
from opencabinet.doors.turn import TURN
from opencabinet.doors.v1 import problems
from opencabinet.edge.lanes import PATIENT, Full, Lane, Lanes
from opencabinet.edge.refusing import refuse

KEPT: Final = 50_000
"""So many credentials are known to be good. Whoever falls out is known again after the next answer."""
PAGES: Final = "/cabinet"
SESSION: Final = re.compile(rb"ccw_[0-9A-Za-z]{49}")
"""Whom a browser shows at the cabinet, among its cookies."""
REFUSED: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
"""What is answered to a credential that is none."""
READS: Final = frozenset({HttpMethod.GET, HttpMethod.HEAD})
DOUBT_SECONDS: Final = 10.0
"""For so long after a bad credential was shown, those of its network are not believed before they are proved."""


class Known:
    """Whose the credentials are that were good when they were last shown here; what is kept of them opens nothing.

    Also the networks from which others came lately.
    """

    def __init__(self, kept: int = KEPT, clock: Callable[[], float] = time.monotonic) -> None:
        self._key = secrets.token_bytes(16)
        self._kept = kept
        self._clock = clock
        self._owners: OrderedDict[Hashable, Hashable] = OrderedDict()
        self._doubted: OrderedDict[Hashable, float] = OrderedDict()

    def mark(self, shown: bytes) -> bytes:
        """Return what a credential is known by."""
        return hashlib.blake2b(shown, digest_size=16, key=self._key).digest()

    def owner(self, shown: bytes | None) -> Hashable:
        """Return whose a credential is, None if that is not known."""
        return self._owners.get(shown)

    def learn(self, shown: bytes, owner: Hashable) -> None:
        """Keep in mind whose a credential is."""
        keep(self._owners, shown, owner, self._kept)

    def forget(self, shown: bytes) -> None:
        """Keep a credential in mind no longer."""
        self._owners.pop(shown, None)

    def doubt(self, network: Hashable) -> None:
        """Believe nobody of a network, for a while, who is not known."""
        keep(self._doubted, network, self._clock() + DOUBT_SECONDS, self._kept)

    def doubts(self, network: Hashable) -> bool:
        """Whether nobody of a network is believed."""
        return self._clock() < self._doubted.get(network, 0.0)


def keep(kept: OrderedDict[Hashable, Any], key: Hashable, value: object, most: int) -> None:
    """Keep a value as the newest of so many at most."""
    kept[key] = value
    kept.move_to_end(key)
    if len(kept) > most:
        kept.popitem(last=False)


class Place:
    """A request's place in a lane, which is free again when its answer begins; who reads it slowly keeps none."""

    def __init__(self, lanes: Lanes, lane: Lane, send: Send) -> None:
        self.lanes = lanes
        self.lane = lane
        self.send = send
        self.owner: Hashable = None
        self.status = 0
        self.held = True
        self.over = False

    @property
    def behind(self) -> bool:
        """Whether an owner is worked on, and this gives way."""
        return self.lanes.owners > 0 and self.lane in PATIENT

    async def give_way(self) -> None:
        """Wait until no owner is worked on, but not for long."""
        await self.lanes.quiet()

    def leave(self) -> None:
        """Let another have it."""
        if self.held:
            self.held = False
            self.lanes.leave(self.lane)

    def come_back(self) -> None:
        """Have it again, unless the answer has begun."""
        if not self.held and not self.over:
            self.held = True
            self.lanes.come_back(self.lane)

    def end(self) -> None:
        """Be done with it."""
        self.over = True
        self.leave()

    async def __call__(self, message: Message) -> None:
        """Pass a message of the answer on."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
        if not self.over:
            self.end()
        await self.send(message)


class Admission:
    """An ASGI application in front of another, which is asked no more at a time than it can answer."""

    def __init__(self, inner: ASGIApp, lanes: Lanes, long: re.Pattern[str]) -> None:
        self.inner = inner
        self.lanes = lanes
        self.long = long
        self.known = Known()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or send it away. What is asked from within a request has the place of that one."""
        if scope["type"] != ScopeType.HTTP or PROPOSED in scope:
            await self.inner(scope, receive, send)
            return
        shown = self.shown(scope)
        lane, key = self.lane(scope, shown)
        try:
            if not self.lanes.take(lane, key):
                await self.lanes.wait(lane, key)
        except Full:
            await refuse(send, HTTPStatus.SERVICE_UNAVAILABLE, scope["path"], str(scope.get(REQUEST_ID, "")))
            return
        place = Place(self.lanes, lane, send)
        scope[TURN] = place  # type: ignore[typeddict-unknown-key]  # a scope may be extended
        try:
            await self.inner(scope, receive, place)
        finally:
            place.end()
            if shown is not None:
                self.learn(shown, place, network(scope))

    def learn(self, shown: bytes, place: Place, came_from: Hashable) -> None:
        """Keep in mind what became of a credential; a fault of ours, or too many requests, tell nothing of it."""
        if place.owner is not None:
            self.known.learn(shown, place.owner)
            return
        if place.status in REFUSED:
            self.known.forget(shown)
        judged = HTTPStatus.OK <= place.status < HTTPStatus.INTERNAL_SERVER_ERROR
        if self.known.owner(shown) is None and judged and place.status != HTTPStatus.TOO_MANY_REQUESTS:
            self.known.doubt(came_from)

    def hopeless(self, scope: HTTPScope) -> bool:
        """Whether a request would find no place, and no room to wait for one."""
        if not self.lanes.crowded:
            return False
        lane, key = self.lane(scope, self.shown(scope))
        return self.lanes.refuses(lane, key)

    def shown(self, scope: HTTPScope) -> bytes | None:
        """Return what the credential is known by that a request shows in the header of the door it asks."""
        wanted = b"authorization" if problems.asked(scope["path"]) else b"passkey"
        if scope["path"].startswith(PAGES):
            wanted = b"cookie"
        found = next((value for name, value in scope["headers"] if name == wanted), None)
        if found and wanted == b"cookie":
            found = session[0] if (session := SESSION.search(found)) else None
        return self.known.mark(found) if found else None

    def lane(self, scope: HTTPScope, shown: bytes | None) -> tuple[Lane, Hashable]:
        """Return the lane of a request, and by what its caller is told from others: the account or the network."""
        owner, came_from = self.known.owner(shown), network(scope)
        if self.long.fullmatch(scope["path"]):
            lane = Lane.LONG
        elif owner is not None:
            lane = Lane.OWNER
        elif scope["method"] not in READS:
            lane = Lane.ENTRY
        else:
            lane = Lane.PUBLIC if shown is None or self.known.doubts(came_from) else Lane.CLAIM
        return lane, came_from if owner is None else owner


def network(scope: HTTPScope) -> Hashable:
    """Return what the network of a request is told from others by."""
    seen: Seen = scope[SEEN]  # type: ignore[typeddict-item]  # a scope may be extended
    return seen.network
