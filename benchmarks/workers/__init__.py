"""What is measured in a process of its own, run by `python -m benchmarks.workers.…`: it prints one JSON object."""
