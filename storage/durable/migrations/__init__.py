"""The history of the tables, one page a change. `storage.durable.upgrade` turns them."""
