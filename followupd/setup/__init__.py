"""From a name and an address to a config that works."""
