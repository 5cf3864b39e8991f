"""Margin levels that owners want to hear of: told when they are crossed, once."""
