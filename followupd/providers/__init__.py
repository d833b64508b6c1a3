"""What is known of large providers of mailboxes, as data with its sources."""
