"""The pages under /arenden/: fetch through access, one form, one action, on to the next page."""
