"""Files that are made to do harm."""

import hashlib
import io
import struct
import zipfile
import zlib
from typing import Final

MIB: Final = 2**20


def noise(length: int) -> bytes:
    """Return bytes without sense, always the same."""
    return hashlib.shake_256(b"noise").digest(length)


def workbook(**parts: bytes) -> bytes:
    """Return a workbook with these parts instead of its own."""
    names = {
        "types": "[Content_Types].xml",
        "relations": "_rels/.rels",
        "book": "xl/workbook.xml",
        "sheet": "xl/worksheets/sheet1.xml",
        "strings": "xl/sharedStrings.xml",
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(names[name], content)
    return packed.getvalue()


LAUGHS = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">%s]><workbook>&j;</workbook>' % b"".join(
    b'<!ENTITY %c "%s">' % (letter + 1, b"&%c;" % letter * 10) for letter in b"abcdefghi"
)


def zeros(mebibytes: int) -> bytes:
    """Return so many mebibytes of zeros, deflated without ever holding them."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(MIB)) + packer.flush(zlib.Z_FULL_FLUSH)
    return block * mebibytes + packer.flush(zlib.Z_FINISH)


def bomb(packed: bytes, claimed: int) -> bytes:
    """Return an archive of one part that says it unpacks to `claimed` bytes."""
    name = b"xl/workbook.xml"
    about = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0x21, 0, len(packed), claimed, len(name), 0)
    local = b"PK\x03\x04" + about + name + packed
    entry = b"PK\x01\x02" + struct.pack("<H", 20) + about + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name
    return local + entry + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(entry), len(local), 0)
