"""The observers' window: a folder of files, shown. It has no reader for the roll or the box."""
