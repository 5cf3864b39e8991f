"""Private widgets on pages of others, in a real browser."""
