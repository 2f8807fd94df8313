"""What Dauys costs, measured side by side with what one would take instead. `python -m benchmarks`, or `make bench`.

Each row is a file in `rows/`. It compares two or more variants in interleaved pairs and gives ratios; absolute figures
stand beside them and belong to one machine. `rivals/` holds what is compared with, `workers/` what is measured in a
process of its own.
"""
