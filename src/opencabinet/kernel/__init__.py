"""Words every room shares: problems, money, times, ids. No input, no output."""
