"""Banners: taken in by what they hold, shown from memory, and counted."""
