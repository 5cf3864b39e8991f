"""The parts of pygal that are used, without what it adds to the imports of the whole process.

Pygal looks into every later import for maps of its own, in a way that Python warns of: there are none here.
"""

import sys

from pygal import XY, Bar, HorizontalBar, PluginImportFixer  # type: ignore[import-untyped]
from pygal.style import Style  # type: ignore[import-untyped]

__all__ = ["XY", "Bar", "HorizontalBar", "Style"]

sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, PluginImportFixer)]
