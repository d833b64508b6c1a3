"""The mailbox over IMAP (RFC 3501, RFC 9051); the only user of imapclient."""
