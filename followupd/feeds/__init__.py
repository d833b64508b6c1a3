"""Feeds of people (RSS, Atom): fetched when the user asks, read as data, and never told to anybody by themselves."""
