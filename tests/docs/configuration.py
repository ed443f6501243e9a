#!/usr/bin/env python3
"""tare.yml: what `tare init` writes, the schema for editors and the program, each against the others.

configuration.py SOURCE TARE: the source folder and the built binary.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import jsonschema
import yaml

from tap import Tap

source = pathlib.Path(sys.argv[1])
tare = pathlib.Path(sys.argv[2]).resolve()
tap = Tap()
schema = json.loads((source / "docs/schema/tare.yml.schema.json").read_text(encoding="utf-8"))
validator = jsonschema.Draft202012Validator(schema)
metric = schema["$defs"]["metric"]
sink = schema["$defs"]["sink"]
desk = tempfile.TemporaryDirectory()
plain = {k: v for k, v in os.environ.items() if not k.startswith(("TARE_", "XDG_", "GIT_"))}
plain |= {"HOME": desk.name, "TARE_RUNTIME_DIR": desk.name, "TARE_STORE": desk.name + "/no.db"}


def run(*arguments, **variables):
    return subprocess.run(
        [tare, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=desk.name,
        env=plain | variables,
    )


def properties():
    """(section, key, schema) of all there is; the section is "" on top."""
    for key, value in schema["properties"].items():
        yield "", key, value
        for inner, rule in value.get("properties", {}).items():
            yield key, inner, rule
    for key, value in metric["properties"].items():
        yield "metrics", key, value
    for key, value in sink["properties"].items():
        yield "notify", key, value


def sink_rest(key, value):
    """What a sink with this key needs besides it."""
    if key == "type":
        return ""
    if key.startswith("url"):
        other = "url_env: X" if key == "url" else "url: http://x/"
        return "    type: webhook\n" + (f"    {other}\n" if value == "" else "")
    if key in ("format", "secret_env", "secret_file", "ca_file"):
        return "    type: webhook\n    url: http://x/\n"
    return "    type: command\n" if key == "command" and value != "" else "    type: syslog\n"


def document(section, key, value):
    """The text with one value, and the line and column where the value begins."""
    if section == "":
        return f"{key}: {value}\n", 1, len(key) + 3
    if section == "notify":
        rest = sink_rest(key, value)
        return f"notify:\n  - {key}: {value}\n{rest}", 2, len(key) + 7
    if section != "metrics":
        return f"app: x\n{section}:\n  {key}: {value}\n", 3, len(key) + 5
    if key == "id":
        return f"metrics:\n  - id: {value}\n", 2, 9
    return f"metrics:\n  - id: some\n    {key}: {value}\n", 3, len(key) + 7


def answer(text):
    """What the program says of a tare.yml: "" when it takes it."""
    path = pathlib.Path(desk.name) / "tare.yml"
    path.write_text(text, encoding="utf-8")
    done = run("metrics", TARE_CONFIG=str(path))
    path.unlink()
    return done.stderr if "tare.yml" in done.stderr else ""


def allows(text):
    return validator.is_valid(yaml.safe_load(text))


def wrong_values(rule):
    """Texts that are not what the schema of a value asks for, and those that only YAML readers more
    lenient than ours take for it."""
    types = rule.get("type", [])
    if "enum" in rule:
        return ["sideways", "7", "[lower]", "true"], []
    if "array" in types:
        return ["3", "{a: b}", "word"], []
    if "object" in types:
        return ["3", "[x]", "word"], []
    if "integer" in types:
        edges = [str(rule["minimum"] - 1), str(rule["maximum"] + 1)]
        return ["many", "1.5", "12x", "[1]", '"5"', "true", *edges], ["010", "0x10"]
    if "number" in types and "string" not in types:
        edges = [str(rule["minimum"] - 1)] if "minimum" in rule else []
        return ["fast", "12x", "500ms", "[1]", '"12"', "{a: b}", *edges], [".nan", ".inf", "-.inf"]
    words = ["[x]", "{a: b}", '""']
    if "pattern" in rule:
        words += [word for word in ["banana", "-5"] if not re.search(rule["pattern"], word)]
    if "maxLength" in rule:
        words.append("x" * (rule["maxLength"] + 1))
    return words, []


def right_value(section, key, rule):
    if "default" in rule:
        return json.dumps(rule["default"]) if rule["default"] == [] else str(rule["default"])
    if "enum" in rule:
        return rule["enum"][0]
    if key == "url":
        return "http://x/"
    return "5" if "number" in rule.get("type", []) else "some"


# The schema and the program know the same keys.
code = "".join(p.read_text(encoding="utf-8") for p in sorted((source / "src/app").glob("config_*.c")))
keys = re.findall(r"\b(?:TEXT|REAL|WHOLE|ONE_OF|WORDS)\((\w+), ", code)
keys += re.findall(r'CYAML_FIELD_\w+\("(\w+)"', code)
tap.same([key for _, key, _ in properties()], keys, "the keys of the schema")

# Every kind of mistake in every key: refused by both, and told with its place.
for section, key, rule in properties():
    name = f"{section}.{key}".lstrip(".")
    refused, ours = wrong_values(rule)
    for value in refused + ours:
        text, line, column = document(section, key, value)
        shown = value if len(value) < 40 else f"{len(value)} bytes"
        said = answer(text)
        tap.ok(f"tare.yml:{line}:{column}: " in said, f"{name}: {shown} is refused in its place", said)
        if value in refused:
            tap.ok(not allows(text), f"{name}: {shown}, by the schema too")
    if "object" not in rule.get("type", []) and "array" not in rule.get("type", []):
        text, _, _ = document(section, key, right_value(section, key, rule))
        said = answer(text)
        tap.ok(said == "" and allows(text), f"{name}: what is right is taken by both", said)
    if "null" in rule.get("type", rule.get("enum", [])) or None in rule.get("enum", []):
        text, _, _ = document(section, key, "")
        said = answer(text)
        tap.ok(said == "" and allows(text), f"{name}: so is a key without a value", said)
    elif key == "id":
        text, line, column = document(section, key, "~")
        tap.ok(answer("metrics:\n  - id: ''\n") != "" and not allows(text), "an id must be said")

# What is wrong with a mapping as such.
for section in ["", *(k for k, v in schema["properties"].items() if "properties" in v), "metrics", "notify"]:
    text, line, column = document(section, "colour", "red")
    said = answer(text)
    known = {"metrics": metric, "notify": sink}.get(section) or schema["properties"].get(section, schema)
    listed = re.findall(r"[\w]+", said.split("the keys are", 1)[-1])
    place = f":{line}:{column - len('colour: ')}: there is no key 'colour'"
    tap.ok(place in said and not allows(text), f"an unknown key in '{section}'", said)
    tap.same(listed, known["properties"], f"and those of '{section}' are listed")
    key, rule = next(iter(known["properties"].items()))
    text, line, column = document(section, key, right_value(section, key, rule))
    indent = " " * (column - len(key) - 3)
    said = answer(f"{text}{indent}{key}: again\n")
    place = f":{line + 1}:{len(indent) + 1}: the key '{key}' stands there twice"
    tap.ok(place in said, f"a key twice in '{section}'", said)

# Two values that do not go together, and what is no YAML.
for text, line, column, words in [
    ("baseline:\n  window: 3\n", 2, 11, "below baseline.minimum"),
    ("baseline:\n  minimum: 30\n", 2, 12, "below baseline.minimum"),
    ("retention:\n  raw_days: 400\n", 2, 13, "below retention.raw_days"),
    ("retention:\n  raw_days: 9\n  rollup_days: 8\n", 3, 16, "below retention.raw_days"),
    ("metrics:\n  - id: a\n    error_percent: 5\n", 3, 20, "less than warning_percent"),
    ("metrics:\n  - id: a\n    warning_percent: 50\n", 3, 22, "less than warning_percent"),
    ("metrics:\n  - id: a\n    persist: 3/2\n", 3, 14, "1 ≤ K ≤ N ≤ 20"),
    ("metrics:\n  - id: a\n  - name: b\n", 3, 5, "needs a key 'id'"),
    ("metrics:\n  - id: a\n  - id: b\n  - id: a\n", 4, 9, "twice"),
    ("metrics:\n  - id: a\n    unit: \"m\\ts\"\n", 3, 11, "not a unit"),
    ("metrics:\n  - id: a\n  -\n", 3, 4, "must be keys with values"),
    ("labels: [a=b, c]\n", 1, 15, "'c' is not key=value"),
    ("labels:\n  - a=b\n  - {c: d}\n", 3, 5, "labels[1] must be a text"),
    ("app: x\n? [a]\n: b\n", 2, 3, "a key must be a word"),
    ("app: 'a\n", 2, 1, "quoted scalar at 1:6"),
    ("app: a\n\tb: c\n", 2, 1, "tab"),
    ("app: a: b\n", 1, 7, "no YAML"),
    ("- a\n", 1, 1, "must be keys with values, not a list"),
    ("app: a\n---\napp: b\n", 3, 1, "second document"),
]:
    said = answer(text)
    tap.ok(f":{line}:{column}: " in said and words in said, f"{text!r} in its place", said)
bad = pathlib.Path(desk.name) / "bytes.yml"
bad.write_bytes(b"app: ok\nlabels: [team=\xff]\n")
said = run("metrics", TARE_CONFIG=str(bad)).stderr
tap.ok("bytes.yml:2:15: " in said, "bytes that are no UTF-8 have a place", said)

# What `tare init` writes.
hidden = re.compile(r"^# (\s*(?:- )?[a-z_]+:.*)$", re.M)
for preset in ["app", "ci", "empty"]:
    folder = pathlib.Path(desk.name) / preset
    folder.mkdir()
    done = subprocess.run(
        [tare, "init", "--preset", preset, "--app", 'it\'s "one"\\'],
        cwd=folder,
        env=plain,
        capture_output=True,
        text=True,
        check=False,
    )
    tap.ok(done.returncode == 0, f"init --preset {preset}", done.stderr)
    text = (folder / "tare.yml").read_text(encoding="utf-8")
    written = yaml.safe_load(text)
    tap.ok(validator.is_valid(written), f"{preset}: it follows the schema", written)
    tap.ok(written["app"] == 'it\'s "one"\\', f"{preset}: the app's name", written["app"])
    full_text = hidden.sub(r"\1", text)
    full = yaml.safe_load(full_text)
    tap.ok(validator.is_valid(full), f"{preset}: so it does without the comment signs", full_text)
    tap.ok(answer(full_text) == "", f"{preset}: and the program takes it", answer(full_text))
    for section, key, rule in properties():
        held = full if section == "" else full[section]
        if section == "metrics":
            held = held[-1]
        if section == "notify":
            held = {name: value for one in held for name, value in one.items()}
        other = section == "notify" and re.search(rf"; or .*\b{key}\b", text) is not None
        tap.ok(key in held or other, f"{preset}: {section}.{key} is shown")
        hides = re.search(rf"^#\s+(?:- )?{key}:", text, re.M)
        if section == "notify" and "default" not in rule:
            continue
        if hides and key not in ("id", "metrics", "notify") and "object" not in rule.get("type", []):
            want = rule.get("default")
            tap.ok(held.get(key) == want, f"{preset}: {section}.{key} shows the default", held.get(key), want)
tap.end()
