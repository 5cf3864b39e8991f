"""Landing pages, on which clients of partners arrive."""
