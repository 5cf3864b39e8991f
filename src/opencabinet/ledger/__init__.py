"""Movements of money on trading accounts, and whether they explain the balance."""

from opencabinet.ledger.actions import reconcile
from opencabinet.ledger.model import CREDIT, Movement, Reconciliation
from opencabinet.ledger.store import first, save

__all__ = ["CREDIT", "Movement", "Reconciliation", "first", "reconcile", "save"]
