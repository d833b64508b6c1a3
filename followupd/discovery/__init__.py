"""Finding the servers of a mail address."""
