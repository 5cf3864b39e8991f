"""The matrix of an account: kept, checked, looked at before it is saved, and changed."""
