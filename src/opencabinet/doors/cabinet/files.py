"""The static files of the cabinet: its own, and htmx as its package brings it."""

from importlib.resources import files
from pathlib import Path
from typing import Final

from opencabinet.doors.files import Files

HTMX: Final = Path(str(files("django_htmx"))) / "static" / "django_htmx" / "htmx-2.min.js"
WIDGETS: Final = Path(str(files("opencabinet.doors.showing"))) / "static" / "widget.css"
"""The look of widgets, which stand on pages as they do elsewhere."""
FILES: Final = Files(
    "cabinet",
    Path(__file__).parent / "static",
    {"Cross-Origin-Resource-Policy": "same-origin"},
    {"htmx.js": HTMX, "widget.css": WIDGETS},
)
