"""What a reader may see: figures, their twins in a table, their sentences, and the report."""
