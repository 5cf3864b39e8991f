"""What the edge did, in plain numbers that whoever tells metrics reads."""


class Counts:
    """What the edge of a process did since it began."""

    __slots__ = ("bypassed", "evicted", "forgotten", "hits", "joined", "misses", "silent", "stored", "unchanged")

    def __init__(self) -> None:
        self.hits = 0
        """Answered from what is held, `unchanged` ones among them: those the caller had already (304)."""
        self.unchanged = 0
        self.misses = 0
        """Passed on though the answer might have been held."""
        self.joined = 0
        """Waited for the answer to an equal question."""
        self.bypassed = 0
        """Passed on because such answers are never held."""
        self.silent = 0
        """Passed on because nothing can be heard of changes."""
        self.stored = 0
        self.evicted = 0
        """Given up for want of room; `forgotten` ones because something changed."""
        self.forgotten = 0
