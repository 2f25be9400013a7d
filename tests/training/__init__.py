"""Tests of fine-tuning and benchmarks."""
