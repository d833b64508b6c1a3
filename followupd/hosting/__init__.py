"""How a machine runs followupd: units of systemd, a job of launchd, a line of cron, a container, as files that ship."""
