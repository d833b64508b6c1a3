"""Sending: the wire as servers really behave."""
