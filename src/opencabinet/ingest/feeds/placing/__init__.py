"""Where rows of a server are kept, and which are no more."""
