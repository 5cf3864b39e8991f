"""FastAPI with SQLAlchemy's asynchronous ORM over asyncpg, on uvicorn."""
