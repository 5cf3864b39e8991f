"""The pages of partners."""
