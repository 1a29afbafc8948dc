"""What the report asks the lake: one file a subject, one function a question. Answers are columns of NumPy arrays."""
