"""The newsroom: the public register of decisions, releases, subscriptions, feeds and open data."""
