"""Rating studies: rubrics, blinded items, race-free allocation, ratings and preferences."""
