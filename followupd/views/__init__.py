"""Values into words: pure functions that make what people and programs read."""
