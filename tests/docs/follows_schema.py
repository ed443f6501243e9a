#!/usr/bin/env python3
"""follows_schema.py SCHEMA: JSON on standard input against docs/schema/SCHEMA.schema.json.

Schemas are open, because keys may come; the program is not: a key that no schema describes is an
error here. Prints what is wrong and ends with 1.
"""

import json
import pathlib
import sys

import jsonschema

folder = pathlib.Path(__file__).resolve().parents[2] / "docs" / "schema"


def closed(schema):
    """The schema, with every object shut to what it does not name."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    shut = {key: closed(value) for key, value in schema.items()}
    if shut.get("type") == "object" and isinstance(shut.get("properties"), dict):
        shut["additionalProperties"] = False
    return shut


schemas = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in folder.iterdir()}
for schema in schemas.values():
    jsonschema.Draft202012Validator.check_schema(schema)
store = {name: closed(schema) for name, schema in schemas.items()}
schema = store[f"{sys.argv[1]}.schema.json"]
resolver = jsonschema.RefResolver(f"{sys.argv[1]}.schema.json", schema, store=store)
try:
    value = json.load(sys.stdin)
except ValueError as problem:
    sys.exit(f"no JSON: {problem}")
problems = list(jsonschema.Draft202012Validator(schema, resolver=resolver).iter_errors(value))
for problem in problems[:10]:
    print(f"{problem.json_path}: {problem.message[:300]}")
sys.exit(len(problems) > 0)
