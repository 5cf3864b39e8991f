"""The pages of the cabinet that say who may read an account."""
