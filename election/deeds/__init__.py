"""Guarded acts: what two persons must agree on. A file for each subject; `deed.py` says what one is."""
