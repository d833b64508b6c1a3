"""What followupd promises, checked; the folders mirror the package."""
