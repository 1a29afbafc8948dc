"""What every page is made of: the base page, components, language, static files. Nothing of the subject."""
