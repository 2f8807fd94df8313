"""The rules. Standard library only: no clock, no network, no database; `now` and randomness are arguments."""
