"""What must outlive everything: the election, the roll, the box, the letters and the acts.

    async with open_store("sqlite:///var/dauys.db") as store:
        record = await store.ledger.election()

`schema` is the law; `ledger`, `office`, `outbox` and `roll` say what can be done under it, each as plain
functions over a SQLAlchemy connection; a keeper runs them (`keeper_sqlite`: one writer, many acts to a commit).
"""
