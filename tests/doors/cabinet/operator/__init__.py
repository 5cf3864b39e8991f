"""The area of operators."""
