"""followupd as its users have it: the command line, against mail servers."""
