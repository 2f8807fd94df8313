"""The pages, in order of their names."""
