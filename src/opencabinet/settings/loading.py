"""Loading the settings, from the environment and the file that it names."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from opencabinet.settings.checks import PREFIX, BadSettings, database, networks, port
from opencabinet.settings.model import Settings

FILE: Final = "OPENCABINET_CONFIG"
FOREIGN: Final = "OPENCABINET_TEST_"
"""Names that belong to the tests, not to us."""


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings of this environment.

    Raises:
        BadSettings: in one line, for the first setting that is unknown or malformed.
    """
    environment = os.environ if environment is None else environment
    given = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in environment.items()
        if name.startswith(PREFIX) and name != FILE and not name.startswith(FOREIGN)
    }
    known = set(Settings.__struct_fields__)
    if unknown := sorted(set(given) - known):
        raise BadSettings(f"There is no setting {PREFIX}{unknown[0].upper()}; known are {', '.join(sorted(known))}.")
    return converted(read(environment[FILE]) if environment.get(FILE) else {}, given)


def read(path: str) -> dict[str, object]:
    """Return the settings in a TOML file."""
    try:
        return tomllib.loads(Path(path).read_text("utf-8"))
    except (OSError, ValueError) as wrong:
        raise BadSettings(f"{FILE}: {path}: {wrong}") from wrong


def converted(file: dict[str, object], environment: Mapping[str, str]) -> Settings:
    """Return both together as settings, each of its type."""
    try:
        msgspec.convert(file, Settings)
        given = msgspec.convert({**file, **environment}, Settings, strict=False)
        database(given.database_url)
        networks(given.trusted_proxies)
        networks(given.webhook_networks, "webhook_networks")
        port(given.metrics)
    except msgspec.ValidationError as wrong:
        raise BadSettings(f"A setting is malformed: {str(wrong).replace('`$.', '`')}.") from wrong
    return given
