"""The conversation, once, for both doors. Doors translate and never decide."""
