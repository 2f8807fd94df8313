"""The hall: command line, settings, wiring, journal. The only room that knows everyone; imported by nobody."""

__version__ = "0.1.0"
