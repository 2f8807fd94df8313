"""A Telegram and a phone network in a box, speaking plain HTTP on loopback.

For the demo, for training and for tests. It is the outside world: it knows nothing of the house, and the
house knows it only as two base addresses. See README.md for its HTTP API.
"""
