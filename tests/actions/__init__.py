"""What is done, on real databases and with stand-ins for the world."""
