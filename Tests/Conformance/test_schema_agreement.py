"""Our protocol definitions agree, field by field, with Kafka's schemas as kafka-python carries them."""

import importlib.resources
import json
import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEFINITIONS = sorted((ROOT / "Protocol" / "apis").glob("*.api"))
SCHEMAS = importlib.resources.files("kafka.protocol.schemas") / "resources"
# kafka-python's schemas follow Kafka's development branch; we stop at the versions that Kafka 4.2 serves.
NEWEST_IN_4_2 = {"ApiVersions": 4, "InitProducerId": 5, "DescribeLogDirs": 4}
# Messages that kafka-python has no schema for.
WITHOUT_SCHEMA = {
    "ConsumerGroupDescribe", "ConsumerGroupHeartbeat", "GetTelemetrySubscriptions", "PushTelemetry", "UnregisterBroker",
}


def words_of(line):
    return re.sub(r"(^|\s)//.*", "", line).split()


def parse_versions(text, first, last):
    low, high = text.split("...")
    return (int(low) if low else first, int(high) if high else last)


class Definition:
    """A `.api` file as nested fields: (name, type, versions, nullable versions, default, tag, fields of its struct)."""

    def __init__(self, path):
        lines = [words for words in map(words_of, path.read_text().splitlines()) if words]
        _, self.name, key = lines.pop(0)
        self.key = int(key)
        facts = {}
        while lines[0][-1] != "{":
            keyword, *values = lines.pop(0)
            facts[keyword] = values
        self.versions = parse_versions(facts["versions"][0], 0, 0)
        self.flexible = None if facts["flexible"] == ["none"] else int(facts["flexible"][0].removesuffix("..."))
        self.messages = {}
        while lines:
            self.structs = {}
            kind = lines.pop(0)[0]
            fields = self.block(lines)
            self.messages[kind] = [self.resolve(field) for field in fields]

    def block(self, lines):
        fields = []
        while (words := lines.pop(0)) != ["}"]:
            opens = words[-1] == "{"
            fields.append(self.field(words[:-1] if opens else words))
            if opens:
                self.structs[fields[-1]["type"].strip("[]?")] = self.block(lines)
        return fields

    def field(self, words):
        field = {"name": words[0], "type": words[1], "versions": self.versions}
        field |= {"nullable": None, "default": None, "tag": None}
        rest = iter(words[2:])
        for word in rest:
            if word == "=":
                field["default"] = next(rest)
            elif word == "nullable":
                field["nullable"] = parse_versions(next(rest), *self.versions)
            elif word.startswith("@"):
                field["tag"] = int(word[1:])
            else:
                field["versions"] = parse_versions(word, *self.versions)
        if field["type"].endswith("?"):
            field["type"] = field["type"][:-1]
            field["nullable"] = field["nullable"] or field["versions"]
        return field

    def resolve(self, field):
        fields = self.structs.get(field["type"].strip("[]"))
        return field | {"fields": fields and [self.resolve(inner) for inner in fields]}


def swift_name(name):
    """Kafka's field name as we spell it: first letter small, the word Id as ID."""
    name = name[0].lower() + name[1:]
    return re.sub(r"(?<=.)Id(?=s?$|s?[A-Z])", "ID", name)


def schema_versions(text, first, last):
    """Kafka's `3+`, `1-4` or `2`, cut to the versions that we have; None for versions that we do not have."""
    if text in (None, "none"):
        return None
    low, dash, high = text.removesuffix("+").partition("-")
    high = last if text.endswith("+") else int(high if dash else low)
    low, high = max(int(low), first), min(high, last)
    return (low, high) if low <= high else None


def default_of(kind, nullable, value):
    """The default in one form, whatever way either side wrote it: null, or what a field of that type starts as."""
    if value in (None, "", '""'):
        if kind.startswith("["):
            return "[]"
        return {"string": "", "bool": "false", "bytes": "", "records": "", "uuid": "0"}.get(kind, "0")
    value = str(value).lower()
    return str(int(value, 0)) if re.fullmatch(r"-?(0x)?[0-9a-f]+", value) and value != "false" else value


def schema_fields(schema, fields, first, last, outer):
    """The fields of one struct in our form; fields outside the versions we have are left out."""
    common = {struct["name"]: struct["fields"] for struct in schema.get("commonStructs", [])}
    result = []
    for field in fields:
        versions = schema_versions(field["versions"], *outer)
        if versions is None:
            continue
        kind = re.sub(r"^\[\](.*)", r"[\1]", field["type"])
        inner = field.get("fields") or common.get(kind.strip("[]"))
        nullable = schema_versions(field.get("nullableVersions"), *versions)
        result.append({
            "name": swift_name(field["name"]), "type": kind, "versions": versions, "nullable": nullable,
            "default": default_of(kind, nullable, field.get("default")), "tag": field.get("tag"),
            "fields": inner and schema_fields(schema, inner, first, last, versions),
        })
    return result


def narrowed(fields, outer):
    """Our fields with versions cut to those of the struct around them, as Kafka's are."""
    result = []
    for field in fields:
        versions = (max(field["versions"][0], outer[0]), min(field["versions"][1], outer[1]))
        if versions[0] > versions[1]:
            continue
        nullable = field["nullable"]
        nullable = nullable and (max(nullable[0], versions[0]), min(nullable[1], versions[1]))
        result.append(field | {
            "versions": versions, "nullable": nullable,
            "default": default_of(field["type"], nullable, field["default"]),
            "fields": field["fields"] and narrowed(field["fields"], versions),
        })
    return result


def load_schema(name):
    text = (SCHEMAS / f"{name}.json").read_text()
    return json.loads(re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE))


COMPARED = [path for path in DEFINITIONS if Definition(path).name not in WITHOUT_SCHEMA]


@pytest.mark.parametrize("path", COMPARED, ids=lambda path: path.stem)
def test_definition_agrees_with_kafka(path):
    """Names, order, types, versions, nulls, defaults and tags of every field are Kafka's"""
    ours = Definition(path)
    for kind in ("Request", "Response"):
        schema = load_schema(ours.name + kind)
        assert schema["apiKey"] == ours.key
        first, last = schema_versions(schema["validVersions"], 0, 999)
        assert ours.versions == (first, min(last, NEWEST_IN_4_2.get(ours.name, last)))
        flexible = schema_versions(schema["flexibleVersions"], *ours.versions)
        assert ours.flexible == (flexible and flexible[0])
        expected = schema_fields(schema, schema["fields"], *ours.versions, ours.versions)
        assert narrowed(ours.messages[kind.lower()], ours.versions) == expected


def test_only_messages_without_schema_are_left_out():
    """kafka-python really has no schema for the messages that are not compared"""
    assert not [name for name in WITHOUT_SCHEMA if (SCHEMAS / f"{name}Request.json").is_file()]
