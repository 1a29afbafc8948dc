"""The audit chain: what was done and read, by whom and why; it can be added to and never changed."""
