"""Write the invented statements anew: `python -m opencabinet.samples`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from opencabinet.reports.layouts import mt4, mt5
from opencabinet.samples.people import PEOPLE
from opencabinet.samples.story import SERVER, statement

FILES: Final = Path(__file__).parent / "files"


def written() -> Iterator[tuple[str, bytes]]:
    """Give the name and the content of every file."""
    for person in PEOPLE:
        told = statement(person)
        if person.platform == "mt4":
            yield f"mt4-{person.number}.htm", mt4.layout(told)
        else:
            yield f"mt5-{person.number}.html", mt5.layout(told, SERVER)


if __name__ == "__main__":
    FILES.mkdir(exist_ok=True)
    for name, content in written():
        (FILES / name).write_bytes(content)
