"""The radar: cases for the committee out of metadata, never out of choices. It asks; it never cancels anything."""
