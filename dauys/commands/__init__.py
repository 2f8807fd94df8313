"""The work behind the command line. Each opens the hall, does one thing and says what came of it."""
