"""What is compared with: the same work as one would do it without Dauys. Run by `python -m benchmarks.rivals.…`."""
