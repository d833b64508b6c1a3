"""Letters over SMTP (RFC 5321); the only user of smtplib."""
