"""What is built from the repository holds what a user needs."""
