"""`python -m opencabinet`."""

from opencabinet.cli import main

main()
