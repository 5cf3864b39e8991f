"""Endpoints: where the events of an account are sent, as its owner asks."""
