"""The sections that the navigation leads to, a module for each area."""
