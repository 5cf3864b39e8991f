"""Links of partners: where they may lead, by which codes, and how they are printed."""

from opencabinet.partners.links.actions import make, read_destinations, retire, save_destinations
from opencabinet.partners.links.model import (
    BadDestination,
    BadLink,
    Destination,
    Link,
    NoSuchDestination,
    NoSuchLink,
    TooManyDestinations,
    TooManyLinks,
    Wanted,
    carrying,
    good_word,
    normalised,
)
from opencabinet.partners.links.qr import LARGEST_SCALE, USUAL_SCALE, Form, qr
from opencabinet.partners.links.store import destinations, listed

__all__ = [
    "LARGEST_SCALE",
    "USUAL_SCALE",
    "BadDestination",
    "BadLink",
    "Destination",
    "Form",
    "Link",
    "NoSuchDestination",
    "NoSuchLink",
    "TooManyDestinations",
    "TooManyLinks",
    "Wanted",
    "carrying",
    "destinations",
    "good_word",
    "listed",
    "make",
    "normalised",
    "qr",
    "read_destinations",
    "retire",
    "save_destinations",
]
