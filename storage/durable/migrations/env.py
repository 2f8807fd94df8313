"""alembic's way in: it works on the connection, and in the transaction, of `storage.durable.upgrade`."""

from alembic import context

from storage.durable.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
