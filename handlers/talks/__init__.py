"""One talk, one file. `show` makes the screen of a step, `hear` takes what was said at it.

`hear` returns the replies, or None for "go on": then the desk shows where the person has come to.
"""
