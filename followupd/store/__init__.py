"""What is remembered: all SQL of the program, and nothing else."""
