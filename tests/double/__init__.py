"""A double of the reporting databases that MetaTrader servers export to, in a real MariaDB.

`server` runs the database, `schema` makes the tables of each generation; `broker`, `mt4` and `mt5` act and keep books
of their own; `exporter` writes what they did as real exporters do, `faults` as those do on bad days; `compare` looks
for differences between the books and what OpenCabinet holds; `play` acts at random, `volume` makes a large history.
"""

from tests.double.compare import differences
from tests.double.double import Double
from tests.double.schema import GENERATIONS
from tests.double.server import Server, Session

__all__ = ["GENERATIONS", "Double", "Server", "Session", "differences"]
