"""What is remembered, on real files."""
