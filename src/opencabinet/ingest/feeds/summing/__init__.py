"""What a batch comes to, for its events and its answer."""
