"""What values become for people and programs."""
