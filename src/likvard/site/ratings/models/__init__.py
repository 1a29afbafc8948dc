"""What a marking round remembers."""
