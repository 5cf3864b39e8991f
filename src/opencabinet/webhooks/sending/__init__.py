"""Sending: to addresses that anybody may reach, and to no other."""
