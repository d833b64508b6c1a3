"""The IMAP room: transcripts against a scripted server, hostile ones included, and a real Dovecot if there is one."""
