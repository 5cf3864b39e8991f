"""A small MaxMind database, written by hand: https://maxmind.github.io/MaxMind-DB/ tells the format."""

from collections.abc import Mapping
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any, Final

MARKER: Final = b"\xab\xcd\xefMaxMind.com"
BYTES: Final = 3
TYPES: Final = {"map": 7, "text": 2, "uint16": 5, "uint32": 6, "uint64": 9, "array": 11}


def control(kind: str, size: int) -> bytes:
    """Return what a value begins with."""
    number = TYPES[kind]
    return bytes([number << 5 | size]) if number < 8 else bytes([size, number - 7])


def encoded(value: Any) -> bytes:
    """Write a value."""
    if isinstance(value, Mapping):
        inner = b"".join(encoded(name) + encoded(each) for name, each in value.items())
        return control("map", len(value)) + inner
    if isinstance(value, list):
        return control("array", len(value)) + b"".join(map(encoded, value))
    if isinstance(value, tuple):
        kind, number = value
        digits = int(number).to_bytes(8).lstrip(b"\0")
        return control(kind, len(digits)) + digits
    return control("text", len(value)) + value.encode()


def write(path: Path, countries: Mapping[str, Any]) -> None:
    """Write a file that tells such a value of each network of IPv4 addresses, and put it in its place."""
    nodes: list[list[Any]] = [[None, None]]
    for network, value in countries.items():
        found, place = IPv4Network(network), 0
        bits = f"{int(found.network_address):032b}"[: found.prefixlen]
        for bit in bits[:-1]:
            if nodes[place][int(bit)] is None:
                nodes.append([None, None])
                nodes[place][int(bit)] = len(nodes) - 1
            place = nodes[place][int(bit)]
        nodes[place][int(bits[-1])] = encoded(value)
    data, tree = b"", b""
    for node in nodes:
        for record in node:
            if isinstance(record, bytes):
                number, data = len(nodes) + 16 + len(data), data + record
            else:
                number = len(nodes) if record is None else record
            tree += number.to_bytes(BYTES)
    about = {
        "node_count": ("uint32", len(nodes)),
        "record_size": ("uint16", BYTES * 8),
        "ip_version": ("uint16", 4),
        "database_type": "Test",
        "languages": ["en"],
        "binary_format_major_version": ("uint16", 2),
        "binary_format_minor_version": ("uint16", 0),
        "build_epoch": ("uint64", 1),
        "description": {"en": "Test"},
    }
    new = path.with_suffix(".new")
    new.write_bytes(tree + bytes(16) + data + MARKER + encoded(about))
    new.replace(path)
