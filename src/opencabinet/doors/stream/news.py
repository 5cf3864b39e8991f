"""An event on its way to listeners: it is written once, however many they are."""

from opencabinet.db import outbox
from opencabinet.db.outbox import Event
from opencabinet.kernel.ids import Login


class News:
    """An event, as it is told."""

    __slots__ = ("frame", "kind", "login", "number", "told")

    def __init__(self, event: Event) -> None:
        self.told: bytes = outbox.told(event)
        self.login: Login = event.login
        self.number: int = event.number
        self.kind: str = event.kind
        name = outbox.event_id(event.login, event.number).encode()
        self.frame: bytes = b"id: %b\nevent: %b\ndata: %b\n\n" % (name, event.kind.encode(), self.told)

    @property
    def message(self) -> str:
        """The event as a message of a WebSocket."""
        return f'{{"type":"event","event":{self.told.decode()}}}'


def wanted(kind: str, types: tuple[str, ...]) -> bool:
    """Whether an event is of some types: `trade.closed`, or `trade.*` for all of that kind; of any if none are told."""
    return not types or any(kind == each or (each.endswith(".*") and kind.startswith(each[:-1])) for each in types)
