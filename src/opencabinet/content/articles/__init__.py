"""News: what the operator tells everybody."""
