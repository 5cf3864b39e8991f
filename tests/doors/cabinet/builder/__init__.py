"""The builder of widgets."""
