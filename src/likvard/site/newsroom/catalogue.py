"""The catalogue of open data by DCAT-AP-SE 3.0.1, as RDF/XML, Turtle and JSON-LD, all from the same triples. Pure.

Source: https://docs.dataportal.se/dcat/3.0.1/sv/ (Digg). A catalogue must have title, description, publisher, licence and its
datasets; a dataset title, description and publisher; a distribution an access address; an agent a name; a contact a name and an
e-mail address. All that is recommended and known is given too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from likvard.terms import Words

PREFIXES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "dcterms": "http://purl.org/dc/terms/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "spdx": "http://spdx.org/rdf/terms#",
}
CC0 = "http://creativecommons.org/publicdomain/zero/1.0/"
_EU = "http://publications.europa.eu/resource/authority/"
SWEDISH, EDUCATION, GOVERNMENT = f"{_EU}language/SWE", f"{_EU}data-theme/EDUC", f"{_EU}data-theme/GOVE"
PUBLIC, DAILY = f"{_EU}access-right/PUBLIC", f"{_EU}frequency/DAILY"
NATIONAL_AUTHORITY = "http://purl.org/adms/publishertype/NationalAuthority"
SWEDEN = "http://sws.geonames.org/2661886/"
SHA256 = "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"
PARQUET = "application/vnd.apache.parquet"
MEDIA = {"csv": "text/csv", "json": "application/json", "parquet": PARQUET}
_FILE_TYPES = {"csv": f"{_EU}file-type/CSV", "json": f"{_EU}file-type/JSON", "parquet": f"{_EU}file-type/PARQUET"}


@dataclass(frozen=True, slots=True)
class Iri:
    """A resource by its address."""

    value: str


@dataclass(frozen=True, slots=True)
class Said:
    """A text in a language."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Typed:
    """A value of a type of XML Schema."""

    text: str
    type: str


Object = Iri | Said | Typed | str
Triple = tuple[str, str, Object]


@dataclass(frozen=True, slots=True)
class File:
    """A dataset in one form: its address, ending, size in bytes and SHA-256; size 0 before it has been made."""

    href: str
    ending: str
    size: int = 0
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Dataset:
    """One set of open data, in all its forms. `page` is the address that explains it."""

    id: str
    title: Words
    about: Words
    page: str
    keywords: tuple[Words, ...]
    files: tuple[File, ...]
    first_day: date | None = None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The whole: who publishes, whom to ask, since when, and the datasets."""

    base_url: str
    title: Words
    about: Words
    publisher: str
    contact: str
    email: str
    issued: date
    modified: datetime
    datasets: tuple[Dataset, ...]

    @property
    def page(self) -> str:
        """The address of the page about the data."""
        return f"{self.base_url}/oppna-data/"


def triples(catalogue: Catalogue) -> Iterator[Triple]:
    """Everything the catalogue says, one statement at a time."""
    home, agent = f"{catalogue.page}#katalog", f"{catalogue.page}#utgivare"
    yield home, "rdf:type", Iri("dcat:Catalog")
    yield from _worded(home, catalogue.title, catalogue.about)
    yield home, "dcterms:publisher", Iri(agent)
    yield home, "dcterms:license", Iri(CC0)
    yield home, "dcterms:language", Iri(SWEDISH)
    yield home, "dcterms:spatial", Iri(SWEDEN)
    yield home, "dcterms:issued", Typed(catalogue.issued.isoformat(), "xsd:date")
    yield home, "dcterms:modified", _moment(catalogue.modified)
    yield home, "foaf:homepage", Iri(catalogue.page)
    yield home, "dcat:themeTaxonomy", Iri(f"{_EU}data-theme")
    for dataset in catalogue.datasets:
        yield home, "dcat:dataset", Iri(dataset.id)
    yield from _agent(catalogue, agent)
    for dataset in catalogue.datasets:
        yield from _dataset(catalogue, dataset, agent)


def _agent(catalogue: Catalogue, agent: str) -> Iterator[Triple]:
    contact = f"{catalogue.page}#kontakt"
    yield agent, "rdf:type", Iri("foaf:Agent")
    yield agent, "foaf:name", Said(catalogue.publisher, "sv")
    yield agent, "foaf:homepage", Iri(f"{catalogue.base_url}/")
    yield agent, "dcterms:type", Iri(NATIONAL_AUTHORITY)
    yield contact, "rdf:type", Iri("vcard:Organization")
    yield contact, "vcard:fn", catalogue.contact
    if catalogue.email:
        yield contact, "vcard:hasEmail", Iri(f"mailto:{catalogue.email}")


def _dataset(catalogue: Catalogue, dataset: Dataset, agent: str) -> Iterator[Triple]:
    yield dataset.id, "rdf:type", Iri("dcat:Dataset")
    yield from _worded(dataset.id, dataset.title, dataset.about)
    yield dataset.id, "dcterms:publisher", Iri(agent)
    yield dataset.id, "dcat:contactPoint", Iri(f"{catalogue.page}#kontakt")
    yield dataset.id, "dcterms:identifier", dataset.id
    yield dataset.id, "dcat:landingPage", Iri(dataset.page)
    yield dataset.id, "dcterms:accrualPeriodicity", Iri(DAILY)
    yield dataset.id, "dcterms:accessRights", Iri(PUBLIC)
    yield dataset.id, "dcterms:language", Iri(SWEDISH)
    yield dataset.id, "dcterms:spatial", Iri(SWEDEN)
    yield dataset.id, "dcterms:issued", Typed(catalogue.issued.isoformat(), "xsd:date")
    yield dataset.id, "dcterms:modified", _moment(catalogue.modified)
    for theme in (EDUCATION, GOVERNMENT):
        yield dataset.id, "dcat:theme", Iri(theme)
    for word in dataset.keywords:
        yield dataset.id, "dcat:keyword", Said(word.sv, "sv")
        yield dataset.id, "dcat:keyword", Said(word.en, "en")
    if dataset.first_day is not None:
        period = f"{dataset.id}-period"
        yield dataset.id, "dcterms:temporal", Iri(period)
        yield period, "rdf:type", Iri("dcterms:PeriodOfTime")
        yield period, "dcat:startDate", Typed(dataset.first_day.isoformat(), "xsd:date")
    for file in dataset.files:
        yield from _distribution(catalogue, dataset, file)


def _distribution(catalogue: Catalogue, dataset: Dataset, file: File) -> Iterator[Triple]:
    own = f"{dataset.id}-{file.ending}"
    yield dataset.id, "dcat:distribution", Iri(own)
    yield own, "rdf:type", Iri("dcat:Distribution")
    for language in ("sv", "en"):
        text = dataset.title.sv if language == "sv" else dataset.title.en
        yield own, "dcterms:title", Said(f"{text} ({file.ending.upper()})", language)
    yield own, "dcat:accessURL", Iri(dataset.page)
    yield own, "dcat:downloadURL", Iri(file.href)
    yield own, "dcterms:format", Iri(_FILE_TYPES[file.ending])
    yield own, "dcat:mediaType", Iri(f"http://www.iana.org/assignments/media-types/{MEDIA[file.ending]}")
    yield own, "dcterms:license", Iri(CC0)
    yield own, "dcterms:modified", _moment(catalogue.modified)
    if file.size:
        yield own, "dcat:byteSize", Typed(str(file.size), "xsd:nonNegativeInteger")
    if file.sha256:
        yield own, "spdx:checksum", Iri(f"{own}-summa")
        yield f"{own}-summa", "rdf:type", Iri("spdx:Checksum")
        yield f"{own}-summa", "spdx:algorithm", Iri(SHA256)
        yield f"{own}-summa", "spdx:checksumValue", Typed(file.sha256, "xsd:hexBinary")


def _worded(subject: str, title: Words, about: Words) -> Iterator[Triple]:
    for language, name, text in (("sv", title.sv, about.sv), ("en", title.en, about.en)):
        yield subject, "dcterms:title", Said(name, language)
        yield subject, "dcterms:description", Said(text, language)


def _moment(at: datetime) -> Typed:
    return Typed(at.isoformat(timespec="seconds"), "xsd:dateTime")


def expanded(name: str) -> str:
    """The address of a short name such as `dcat:Dataset`; an address stays as it is."""
    prefix, colon, rest = name.partition(":")
    return PREFIXES[prefix] + rest if colon and prefix in PREFIXES else name


def grouped(statements: Iterable[Triple]) -> dict[str, list[tuple[str, Object]]]:
    """The statements by what they are about, in order."""
    found: dict[str, list[tuple[str, Object]]] = {}
    for subject, predicate, value in statements:
        found.setdefault(subject, []).append((predicate, value))
    return found


def rdf_xml(statements: Sequence[Triple]) -> bytes:
    """The statements as RDF/XML in UTF-8: the form that the national portal collects."""
    for prefix, address in PREFIXES.items():
        register_namespace(prefix, address)
    rdf = PREFIXES["rdf"]
    root = Element(f"{{{rdf}}}RDF")
    for subject, said in grouped(statements).items():
        about = SubElement(root, f"{{{rdf}}}Description", {f"{{{rdf}}}about": subject})
        for predicate, value in said:
            _xml_value(SubElement(about, _qualified(predicate)), value, rdf)
    return tostring(root, "utf-8", xml_declaration=True)


def _qualified(name: str) -> str:
    prefix, _colon, rest = name.partition(":")
    return f"{{{PREFIXES[prefix]}}}{rest}"


def _xml_value(element: Element, value: Object, rdf: str) -> None:
    match value:
        case Iri(address):
            element.set(f"{{{rdf}}}resource", expanded(address))
        case Said(text, language):
            element.set("{http://www.w3.org/XML/1998/namespace}lang", language)
            element.text = text
        case Typed(text, type):
            element.set(f"{{{rdf}}}datatype", expanded(type))
            element.text = text
        case _:
            element.text = value


def turtle(statements: Sequence[Triple]) -> str:
    """The statements as Turtle."""
    lines = [f"@prefix {prefix}: <{address}> ." for prefix, address in PREFIXES.items()]
    for subject, said in grouped(statements).items():
        inner = " ;\n".join(f"    {predicate} {_turtle_value(value)}" for predicate, value in said)
        lines.append(f"\n<{subject}>\n{inner} .")
    return "\n".join(lines) + "\n"


def _turtle_value(value: Object) -> str:
    match value:
        case Iri(address):
            return address if address.partition(":")[0] in PREFIXES else f"<{address}>"
        case Said(text, language):
            return f"{_quoted(text)}@{language}"
        case Typed(text, type):
            return f"{_quoted(text)}^^{type}"
        case _:
            return _quoted(value)


def _quoted(text: str) -> str:
    """A text in Turtle: its escapes are those of JSON."""
    return json.dumps(text, ensure_ascii=False)


def json_ld(statements: Sequence[Triple]) -> dict[str, Any]:
    """The statements as JSON-LD."""
    graph = [
        {"@id": subject, **_json_said(said)} for subject, said in grouped(statements).items()
    ]  # fmt: skip
    return {"@context": dict(PREFIXES), "@graph": graph}


def _json_said(said: Iterable[tuple[str, Object]]) -> dict[str, Any]:
    found: dict[str, list[Any]] = {}
    for predicate, value in said:
        if predicate == "rdf:type" and isinstance(value, Iri):
            found.setdefault("@type", []).append(value.value)
        else:
            found.setdefault(predicate, []).append(_json_value(value))
    return found


def _json_value(value: Object) -> Any:
    match value:
        case Iri(address):
            return {"@id": address}
        case Said(text, language):
            return {"@value": text, "@language": language}
        case Typed(text, type):
            return {"@value": text, "@type": type}
        case _:
            return value
