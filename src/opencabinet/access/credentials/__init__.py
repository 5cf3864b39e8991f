"""Credentials of an account: the tokens that its API password gives, keys for servers and pages, and that password."""
