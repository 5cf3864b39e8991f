"""What widgets are, and how they look: one question to v1, one way to show its answer, many renderings."""
