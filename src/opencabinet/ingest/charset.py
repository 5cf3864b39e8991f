"""The letters of a text file: from bytes to text, whether or not the file says how."""

import codecs
import re
from typing import Final

MARKS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
HEAD: Final = 4096
"""The bytes in which a file declares its letters, or by which they are guessed."""

# Only letters that brokers write in: Python knows others by name that are no letters, or take quadratic time.
DECLARED: Final = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?(windows-125\d|iso-8859-\d{1,2}|koi8-[ru]|gbk|gb2312|gb18030|big5"
    rb"|shift_jis|euc-jp|euc-kr)\b",
    re.IGNORECASE,
)
FOREIGN: Final = re.compile(rb"[\x80-\xff]")
# What ordinary words of a code page are made of. Cyrillic words are in lower case, capitalised or in capitals, which
# tells them from the characters of East Asia; accents stand alone among plain letters.
USUAL: Final = (
    (
        "cp1251",
        rb"(?<![\x80-\xff])(?:[\xa8\xaa\xaf\xb2\xc0-\xdf]?[\xb3\xb8\xba\xbf\xe0-\xff]+|[\xa8\xc0-\xdf]+)(?![\x80-\xff])",
    ),
    ("gb18030", rb"[\xa1-\xa3\xb0-\xd7][\xa1-\xfe]"),
    ("cp932", rb"\x82[\x9f-\xf1]|\x83[\x40-\x96]|[\x88-\x97][\x40-\xfc]"),
)
ACCENTED: Final = re.compile(rb"(?<=[A-Za-z])[\xc0-\xff](?![\x80-\xff])")


def decoded(content: bytes) -> str:
    """Return the text of `content`: by its mark, by what it declares, as UTF-8, or by the likeliest code page.

    A byte that its letters do not know becomes a replacement character: a damaged name loses no figure.
    """
    for mark, letters in MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(letters, "replace")
    if content[1:2] == b"\0":
        return content.decode("utf-16-le", "replace")
    if found := DECLARED.search(content, 0, HEAD):
        return content.decode(found[1].decode(), "replace")
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode(likeliest(content), "replace")


def likeliest(content: bytes) -> str:
    """Return the code page in which most bytes above ASCII make ordinary words; of equals, the first of `USUAL`."""
    sample = b"\n".join(line for line in content.splitlines() if FOREIGN.search(line))[:HEAD]
    if 2 * len(ACCENTED.findall(sample)) > len(FOREIGN.findall(sample)):
        return "cp1252"
    return max(USUAL, key=lambda page: sum(map(len, re.findall(page[1], sample))))[0]
