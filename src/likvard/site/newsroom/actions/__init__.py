"""What people do: one keyword-only function for each deed, change and event in one transaction."""
