"""The cabinet in a real browser."""
