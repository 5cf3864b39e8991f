"""The bench: this server beside its peers, on the same data. `python -m bench.speed --help` says how to run it."""
