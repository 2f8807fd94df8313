"""`dauys demo`: an election in a box. The outside world is emulated; the program is the real one."""
