"""What widgets show, asked of v1 within the process."""
