"""The pages: each fetches through access, asks for figures, and shows them."""
