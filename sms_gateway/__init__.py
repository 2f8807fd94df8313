"""The SMS door, by Twilio: webhook -> Incoming, Reply -> numbered lines, outbox -> carrier.

The door translates and never decides: it knows `handlers.speech` and neither the election nor its stores.
"""
