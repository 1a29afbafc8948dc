"""Resource models over figures: pure functions that share money by need, to the last crown."""
