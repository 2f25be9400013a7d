"""The pages of endpoints, models, conditions and runs."""
