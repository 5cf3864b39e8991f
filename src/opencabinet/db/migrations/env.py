"""Alembic's entry: one connection, one transaction, one migration at a time in an installation."""

from alembic import context
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

engine = create_engine("postgresql+psycopg://", connect_args=context.config.attributes["connect"], poolclass=NullPool)

with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('opencabinet.migrate'))")
        context.run_migrations()
