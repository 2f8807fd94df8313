"""A subject each. A module here has a `ROW`."""
