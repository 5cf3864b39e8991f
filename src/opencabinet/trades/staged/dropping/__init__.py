"""What is no more, or is told of elsewhere."""
