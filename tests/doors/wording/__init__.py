"""Words and figures in the languages there are."""
