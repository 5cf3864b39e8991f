"""API passwords: generated, or chosen by the owner; what gives tokens."""
