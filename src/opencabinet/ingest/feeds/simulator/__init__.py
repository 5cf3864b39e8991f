"""A seeded broker in a box: servers, prices, people and what happens to them, told as any feed tells."""

from opencabinet.ingest.feeds.simulator.incidents import INCIDENTS, NoIncident
from opencabinet.ingest.feeds.simulator.people import CLOCK, PEOPLE, SERVERS, Person
from opencabinet.ingest.feeds.simulator.running import (
    AnotherSimulates,
    NobodySimulates,
    NothingSimulated,
    ask,
    catch_up,
    found,
    founded,
    resumed,
    simulate,
    simulate_again,
)
from opencabinet.ingest.feeds.simulator.telling import Broker, Place, place

__all__ = [
    "CLOCK",
    "INCIDENTS",
    "PEOPLE",
    "SERVERS",
    "AnotherSimulates",
    "Broker",
    "NoIncident",
    "NobodySimulates",
    "NothingSimulated",
    "Person",
    "Place",
    "ask",
    "catch_up",
    "found",
    "founded",
    "place",
    "resumed",
    "simulate",
    "simulate_again",
]
