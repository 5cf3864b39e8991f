"""Streams: events as they come, to many listeners at once, none of whom is waited for."""

from opencabinet.doors.stream.replay import NoSuchEvent, start_of
from opencabinet.doors.stream.session import Session, Streams
from opencabinet.doors.stream.socket import conversing
from opencabinet.doors.stream.sse import EventStream

__all__ = ["EventStream", "NoSuchEvent", "Session", "Streams", "conversing", "start_of"]
