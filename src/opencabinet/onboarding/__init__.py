"""Opening an account: what somebody applied for, and what became of it."""
