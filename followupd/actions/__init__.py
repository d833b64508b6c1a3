"""What is done: one straight function per verb."""
