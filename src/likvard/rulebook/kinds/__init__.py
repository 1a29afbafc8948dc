"""What a rule may say: one frozen dataclass for each kind of rule file."""
