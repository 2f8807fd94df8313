"""What must outlive everything: the election, the roll, the box, the letters and the acts.

    async with open_store("sqlite:///var/dauys.db", seal_key) as store:
        record = await store.ledger.election()

`schema` is the law; `ledger`, `office`, `outbox`, `roll` and `leases` say what can be done under it, each as plain
functions over a SQLAlchemy connection; a `keeper` runs them, many acts to a commit: `keeper_sqlite` by one writing
thread, `keeper_postgres` by a task for each kind of act, beside any number of other processes.
"""
