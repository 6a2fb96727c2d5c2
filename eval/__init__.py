"""Evaluation: datasets, metrics, runs, calibration and benchmarks. A user of the other parts' public surface."""
