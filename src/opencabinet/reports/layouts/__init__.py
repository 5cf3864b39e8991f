"""The pages MetaTrader prints: its own layouts, for rows as they come."""

from opencabinet.reports.layouts import mt4, mt5
from opencabinet.reports.layouts.details import Details, Reckoner, Step
from opencabinet.reports.layouts.sheet import Position, Sheet, Sums

__all__ = ["Details", "Position", "Reckoner", "Sheet", "Step", "Sums", "mt4", "mt5"]
