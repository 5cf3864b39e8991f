"""How fast clicks are kept, and whether any is lost."""
