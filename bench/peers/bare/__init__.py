"""Nothing between the socket and the database but Granian's own interface and asyncpg: what the runtime allows."""
