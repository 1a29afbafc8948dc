"""What a reader may see: figures, their twins in a table, their sentences, and the report.

Read in this order: `charts` and `table` (what is shown), `twins` (one from the other), `facts` and `sentences` (in
words), `figure` and `report`, then `drawing` and `page`, `workbook`, `document` (how it looks as SVG, HTML, XLSX, JSON).
"""
