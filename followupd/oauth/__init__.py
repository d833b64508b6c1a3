"""Tokens of OAuth 2.0: got with the user's permission, kept like passwords, fresh when they are needed."""
