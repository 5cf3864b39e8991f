"""Partners: who refers clients, by which links, what that is worth, and why."""
