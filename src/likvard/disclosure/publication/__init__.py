"""Publications: everything that may be shown of one version of the lake, released once and kept in one file."""

from likvard.disclosure.publication import memory
from likvard.disclosure.publication.keys import FIELDS, FigureKey
from likvard.disclosure.publication.layout import Published, SourceRow
from likvard.disclosure.publication.reading import Publication
from likvard.disclosure.publication.writing import About, write

__all__ = ["FIELDS", "About", "FigureKey", "Publication", "Published", "SourceRow", "memory", "write"]
