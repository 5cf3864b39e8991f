"""Those whom the bench compares with; each answers the same bytes from the same database."""
