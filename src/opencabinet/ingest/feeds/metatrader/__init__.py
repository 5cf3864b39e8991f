"""Following MetaTrader's SQL export: the reporting databases of MT4 and MT5 in MySQL or MariaDB.

`model` says what an operator tells of a server, and `configuration` reads it from a file. `reader` asks the foreign
database, `schema` finds out which tables and columns it has, and `queries` holds what it is asked; `mt4` and `mt5` say
which columns are taken of which table. `clocks` turns wall times into UTC, `store` what was read into what is staged.
`follow` puts all together for one server: the first load, one look at everything, the sweep; `loading`, `polling` and
`sweeping` do these. `running` follows servers until it is told to stop, and `checking` says what would be read.
"""

from opencabinet.ingest.feeds.metatrader.follow import Follower
from opencabinet.ingest.feeds.metatrader.model import Feed

__all__ = ["Feed", "Follower"]
