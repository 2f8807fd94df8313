"""The archive: what is kept (`durable`), what is forgotten (`fleeting`), what comes in (`roll_files`)."""
