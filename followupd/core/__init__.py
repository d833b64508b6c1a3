"""What is true: values in, values out. Nothing here reads a clock, a disk, a network or a random number."""
