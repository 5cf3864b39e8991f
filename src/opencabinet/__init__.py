"""OpenCabinet: a self-hosted client cabinet for brokers."""

__version__ = "0.1.0"
