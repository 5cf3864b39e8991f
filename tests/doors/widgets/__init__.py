"""Widgets on pages of others."""
