"""The settings: read once, from the environment and an optional TOML file; the environment wins."""

from opencabinet.settings.checks import BAD_URL, PREFIX, BadSettings
from opencabinet.settings.loading import FILE, FOREIGN, load
from opencabinet.settings.model import LogLevel, Settings, default_home

__all__ = ["BAD_URL", "FILE", "FOREIGN", "PREFIX", "BadSettings", "LogLevel", "Settings", "default_home", "load"]
