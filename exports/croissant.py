"""Croissant 1.1 with the fields of Responsible AI: what the card says, for programs. Pure."""

import json
from collections.abc import Sequence
from typing import Any

from exports import card
from exports.described import About, File
from exports.formats import FORMATS
from exports.formats.columns import Column

SPECS = ["http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"]
# Words of the specification's own vocabulary, which stand in the context under `cr:`.
OWN = (
    *("arrayShape", "citeAs", "column", "containedIn", "equivalentProperty", "extract", "field"),
    *("fileProperty", "fileObject", "fileSet", "format", "includes", "isArray", "isLiveDataset"),
    *("jsonPath", "key", "md5", "parentField", "path", "recordSet", "references", "regex"),
    *("repeated", "replace", "samplingRate", "separator", "source", "subField", "transform"),
)
CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "name": {"@container": "@language"},
    "description": {"@container": "@language"},
    **{word: f"cr:{word}" for word in OWN},
}
DATA_TYPES = {"integer": "sc:Integer", "number": "sc:Float", "boolean": "sc:Boolean"}
LISTS = {
    "integers": "sc:Integer",
    "numbers": "sc:Float",
    "messages": "sc:Text",
    "turns": "sc:Text",
}
PARTS = {
    "message": ("role", "content"),
    "messages": ("role", "content"),
    "turn": ("from", "value"),
    "turns": ("from", "value"),
}
ENCODINGS = {
    "jsonl": "application/jsonlines",
    "json": "application/json",
    "csv": "text/csv",
    "parquet": "application/x-parquet",
}
PERSONAL = (
    "Raters stand under keyed pseudonyms; times are days. Conversations are about crises of made "
    "or consenting people and are sensitive by their content."
)


def text(about: About, files: Sequence[File]) -> str:
    """JSON-LD, readable."""
    return json.dumps(document(about, files), ensure_ascii=False, indent=2) + "\n"


def document(about: About, files: Sequence[File]) -> dict[str, Any]:
    """The whole description. A file that is a table has a record set with its columns."""
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": SPECS,
        "name": about.title,
        "description": about.description or f"{about.title}, written by PsychoSafe Studio.",
        "license": sorted({each.licence for each in about.licences if each.licence})
        or [card.licence(about)["license"]],
        "version": about.version or "0.0.0",
        "datePublished": about.made_on,
        "inLanguage": list(about.languages),
        "citeAs": f"{about.title} ({about.made_on[:4]}). See CITATION.cff.",
        "creator": {"@type": "sc:Organization", "name": "PsychoSafe Studio"},
        **_responsible(about),
        "distribution": [_object(file) for file in files],
        "recordSet": [_record_set(file) for file in files if _is_table(file)],
    }


def _responsible(about: About) -> dict[str, Any]:
    left = [f"{each.what}: {each.reason}" for each in about.passed]
    said = {
        "rai:dataCollection": " ".join(f"{name}: {value}." for name, value in about.facts if value),
        "rai:dataCollectionType": ["Manual Human Curator", "Surveys"],
        "rai:dataAnnotationProtocol": " ".join(about.protocol),
        "rai:dataAnnotationPlatform": "PsychoSafe Studio" if about.has_raters else "",
        "rai:dataAnnotationAnalysis": " ".join(about.agreement),
        "rai:annotationsPerItem": about.raters_per_item,
        "rai:annotatorDemographics": "Clinicians and trained raters; nothing else is given out."
        if about.has_raters
        else "",
        "rai:machineAnnotationTools": list(about.judges),
        "rai:dataBiases": card.LIMITS[1],
        "rai:dataLimitations": " ".join([*card.LIMITS, *left]),
        "rai:dataUseCases": "Training and evaluation of supportive refusals. " + card.WARNING,
        "rai:dataSocialImpact": card.WARNING,
        "rai:personalSensitiveInformation": PERSONAL,
        "rai:dataReleaseMaintenancePlan": card.WITHDRAWAL if about.is_release else "",
    }
    return {key: value for key, value in said.items() if value}


def _object(file: File) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": file.name,
        "name": file.name,
        "description": FORMATS[file.form].words if file.form in FORMATS else file.name,
        "contentUrl": file.name,
        "contentSize": f"{file.n_bytes} B",
        "encodingFormat": ENCODINGS[file.suffix],
        "sha256": file.sha256,
    }


def _is_table(file: File) -> bool:
    return file.suffix != "json"


def _record_set(file: File) -> dict[str, Any]:
    name = file.name.rpartition(".")[0]
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": f"{file.n_rows:,} rows" + (f", split {file.split}" if file.split else ""),
        "field": [_field(name, file, column) for column in file.columns],
    }


def _field(name: str, file: File, column: Column) -> dict[str, Any]:
    """A list says so; turns have fields of their own. In CSV both are JSON text in a cell."""
    told = {"@type": "cr:Field", "@id": f"{name}/{column.name}", "name": column.name}
    source = {"fileObject": {"@id": file.name}, "extract": {"column": column.name}}
    if file.suffix == "csv" or column.kind not in (*LISTS, *PARTS):
        return {**told, "dataType": DATA_TYPES.get(column.kind, "sc:Text"), "source": source}
    listed = {"isArray": True, "arrayShape": "-1"} if column.kind in LISTS else {}
    if column.kind not in PARTS:
        return {**told, **listed, "dataType": LISTS[column.kind], "source": source}
    return {
        **told,
        **listed,
        "subField": [_part(told, source, part) for part in PARTS[column.kind]],
    }


def _part(of: dict[str, str], source: dict[str, Any], name: str) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"{of['@id']}/{name}",
        "name": f"{of['name']}/{name}",
        "dataType": "sc:Text",
        "source": {**source, "transform": {"jsonPath": name}},
    }
