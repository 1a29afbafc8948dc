"""Written documents: one source, four forms. HTML for the page, PDF/UA for the file, data for machines, text for the search."""
