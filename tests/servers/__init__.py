"""Mail servers for tests: a private Dovecot and Postfix, or pymap and aiosmtpd in this process; all on loopback."""
