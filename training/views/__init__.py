"""The pages of fine-tuning and benchmarks, one file each."""
