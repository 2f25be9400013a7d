"""The corpus: domains and strategies, prompts and prompt sets, pairs and reviewed versions."""
