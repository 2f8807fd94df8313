"""The clock. A job is one file, `run(now)` returns counts; what is due is read from the store, so a restart loses
and doubles nothing."""
