"""How the world asks."""
