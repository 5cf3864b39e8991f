"""Requests that are wrong or strange in their very framing, what is answered, and what our server swallows."""

import re
import socket
import time
from typing import Final, NamedTuple

GET: Final = b"GET /client/RequestBalanceInformation/1 HTTP/1.1\r\n"
HOST: Final = b"Host: a\r\n"
POST: Final = b"POST /api/Authentication/RequestClientApiToken HTTP/1.1\r\n" + HOST
CHUNKED: Final = b"Transfer-Encoding: chunked\r\n"
BODY: Final = b'{"Login":1,"Password":"x"}'
LENGTH: Final = b"Content-Length: %d\r\n" % len(BODY)
CHUNKS: Final = b"%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY)

REFUSED: Final[dict[str, tuple[bytes, int]]] = {
    "two lengths that differ": (POST + LENGTH + b"Content-Length: 2\r\n\r\n" + BODY, 400),
    "a list of lengths": (POST + b"Content-Length: 26, 26\r\n\r\n" + BODY, 400),
    "a signed length": (POST + b"Content-Length: +26\r\n\r\n" + BODY, 400),
    "a negative length": (POST + b"Content-Length: -1\r\n\r\n" + BODY, 400),
    "a chunk without its line end": (POST + CHUNKED + b"\r\n" + CHUNKS.replace(b"\r\n0", b"0"), 400),
    "a chunk's size as 0x": (POST + CHUNKED + b"\r\n0x" + CHUNKS, 400),
    "a bare line feed in a chunk's extension": (POST + CHUNKED + b"\r\n1a;a\nb" + CHUNKS[2:], 400),
    "a chunk's size of 17 digits": (POST + CHUNKED + b"\r\n" + b"f" * 17 + CHUNKS[2:], 400),
    "chunks in HTTP/1.0": (POST.replace(b"1.1", b"1.0") + CHUNKED + b"\r\n" + CHUNKS, 400),
    "an unknown coding": (POST + b"Transfer-Encoding: xchunked\r\n\r\n" + CHUNKS, 400),
    "a blank before the colon": (POST + b"Transfer-Encoding : chunked\r\n\r\n" + CHUNKS, 400),
    "a folded header": (GET + HOST + b"X: a\r\n b\r\n\r\n", 400),
    "a NUL in a header": (GET + HOST + b"X: a\0b\r\n\r\n", 400),
    "a carriage return in a header": (GET + HOST + b"X: a\rb\r\n\r\n", 400),
    "no host": (GET + b"\r\n", 400),
    "no host in HTTP/1.0": (GET.replace(b"1.1", b"1.0") + b"\r\n", 400),
    "two hosts": (GET + HOST * 2 + b"\r\n", 400),
    "a host with a path": (GET + b"Host: a/evil?x\r\n\r\n", 400),
    "a target of another host": (b"GET @google.com HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "a star": (b"OPTIONS * HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "a tunnel": (b"CONNECT a:80 HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "an escaped NUL": (GET.replace(b"/1 ", b"/1%00 ") + HOST + b"\r\n", 400),
    "an escaped slash": (GET.replace(b"/1 ", b"%2f1 ") + HOST + b"\r\n", 400),
    "an overlong dot": (GET.replace(b"/1 ", b"/1%c0%ae ") + HOST + b"\r\n", 404),
    "a climb": (GET.replace(b" /", b" /a/../") + HOST + b"\r\n", 400),
    "an escaped climb": (GET.replace(b" /", b" /a/%2e%2e/") + HOST + b"\r\n", 404),
    "a byte beyond ASCII": (GET.replace(b"/1 ", b"/\xff1 ") + HOST + b"\r\n", 400),
    "2,000 headers": (GET + HOST + b"X: 1\r\n" * 2000 + b"\r\n", 431),
    "101 headers": (GET + HOST + b"X: 1\r\n" * 100 + b"\r\n", 431),
    "a header of 100 KB": (GET + HOST + b"X: " + b"a" * 100_000 + b"\r\n\r\n", 431),
    "a target of 100 KB": (GET.replace(b"/1 ", b"/1?" + b"a" * 100_000 + b" ") + HOST + b"\r\n", 414),
    "a method of 5,000 letters": (b"A" * 5000 + GET[3:] + HOST + b"\r\n", 405),
    "a method in lower case": (GET.replace(b"GET", b"get") + HOST + b"\r\n", 405),
    "HTTP/1.2": (GET.replace(b"1.1", b"1.2") + HOST + b"\r\n", 400),
    "HTTP/2.0 as text": (GET.replace(b"1.1", b"2.0") + HOST + b"\r\n", 400),
    "HTTP/0.9": (b"GET /\r\n\r\n", 400),
    "TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 100, 400),
    "noise": (b"\xff" * 1000, 400),
    "a body of 70 KB": (POST + b"Content-Length: 70000\r\n\r\n" + b"a" * 70_000, 413),
}

SWALLOWED: Final[dict[str, tuple[bytes, str]]] = {
    "length and chunks": (POST + LENGTH + CHUNKED + b"\r\n" + CHUNKS, "the length is dropped, the connection closed"),
    "chunks and length": (POST + CHUNKED + LENGTH + b"\r\n" + CHUNKS, "the length is dropped, the connection closed"),
    "two equal lengths": (POST + LENGTH * 2 + b"\r\n" + BODY, "they are folded into one"),
    "chunked twice": (POST + CHUNKED * 2 + b"\r\n" + CHUNKS, "the last coding is chunked, and read once"),
    "bare line feeds": (GET.replace(b"\r\n", b"\n") + b"Host: a\n\n", "they end lines"),
    "a target with another host": (GET.replace(b" /", b" http://evil.example/") + HOST + b"\r\n", "its path is used"),
    "an unknown expectation": (POST + b"Expect: 300-x\r\n" + LENGTH + b"\r\n" + BODY, "it is passed on, and ignored"),
    "a body on GET": (GET + HOST + b"Content-Length: 5\r\n\r\nhello", "it is read and ignored"),
    "an upgrade": (GET + HOST + b"Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n", "it is ignored"),
}
"""What Granian accepts and hides from us, so that we cannot refuse it, and what it makes of it. Each is answered once,
as the plain request would be: with a refusal."""


class Heard(NamedTuple):
    """What came back: the statuses of the answers, everything, and whether the connection was closed."""

    statuses: list[int]
    everything: bytes
    closed: bool


def tell(port: int, data: bytes, seconds: float = 1.0) -> Heard:
    """Send bytes to a port, and listen until it hangs up or so much time has passed."""
    until = time.monotonic() + seconds
    heard, closed = b"", False
    with socket.create_connection(("127.0.0.1", port)) as sock:
        sock.settimeout(seconds)
        try:
            sock.sendall(data)
            while not closed and (left := until - time.monotonic()) > 0:
                sock.settimeout(left)
                closed = not (more := sock.recv(65536))
                heard += more
        except TimeoutError:
            pass
        except ConnectionError:
            closed = True
    return Heard(statuses(heard), heard, closed)


def statuses(heard: bytes) -> list[int]:
    """Return the statuses of the answers in what came back; one begins where the body before it ends."""
    return [int(status) for status in re.findall(rb"HTTP/1\.[01] (\d{3}) ", heard)]
