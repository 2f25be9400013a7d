"""Fine-tuning on releases and benchmarks of what came of it; torch runs in processes of its own."""
