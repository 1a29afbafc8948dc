"""What is done with rounds, ratings and reports: each change with its event, in one transaction."""
