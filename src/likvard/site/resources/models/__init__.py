"""What a round remembers."""
