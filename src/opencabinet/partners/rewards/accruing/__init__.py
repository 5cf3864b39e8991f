"""Working out what trades come to, and keeping it exactly once."""
