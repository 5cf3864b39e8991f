"""Movements of money on trading accounts, and whether they explain the balance."""

from opencabinet.ledger.actions import reconcile
from opencabinet.ledger.model import CREDIT, Movement, Reconciliation, Total
from opencabinet.ledger.store import first, movements, save, totals

__all__ = ["CREDIT", "Movement", "Reconciliation", "Total", "first", "movements", "reconcile", "save", "totals"]
