#!/usr/bin/env python3
"""The manual against the program, both ways: commands, options, environment, functions, keys.

manual.py SOURCE TARE: the source folder and the built binary.
"""

import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

from tap import Tap

source = pathlib.Path(sys.argv[1])
tare = sys.argv[2]
man = source / "docs" / "man"
tap = Tap()


def run(*arguments):
    return subprocess.run([tare, *arguments], capture_output=True, text=True, check=False).stdout


def sources(*folders):
    for folder in folders:
        for path in sorted((source / folder).rglob("*.[ch]")):
            yield path.read_text(encoding="utf-8")


def help_options(command):
    """{(short, long, takes a value)} of `tare COMMAND --help`."""
    text = run(command, "--help").split("\nOptions:\n", 1)[1]
    rows = re.findall(r"^  (?:-(\w), |    )--([a-z-]+)(?: (\S+))?", text, re.M)
    return {(short, name, argument) for short, name, argument in rows}


def page_options(page):
    """The same of a man page's OPTIONS."""
    section = page.split(".Sh OPTIONS\n", 1)[-1].split("\n.Sh ", 1)[0]
    rows = re.findall(r"^\.It (?:Fl (\w) , )?Fl -([a-z-]+)(?: Ar (\S+))?$", section, re.M)
    return {(short, name, argument) for short, name, argument in rows}


def section(page, title):
    return page.split(f".Sh {title}\n", 1)[1].split("\n.Sh ", 1)[0]


commands = re.findall(r"^  ([a-z]+)  +\S", run("help").split("Commands:\n")[1].split("\n\n")[0], re.M)
tap.ok(len(commands) > 10, "the program lists its commands", commands)
pages = {path.name: path.read_text(encoding="utf-8") for path in man.iterdir()}
overview = pages["tare.1"]

tap.same(
    [name[5:-2] for name in pages if name.startswith("tare-")], commands, "a page each command"
)
tap.same(re.findall(r"^\.It Xr tare-([a-z]+) 1$", overview, re.M), commands, "tare(1) lists them all")
listed = re.findall(r"'man/([^']+)'", (source / "docs" / "meson.build").read_text())
tap.same(listed, pages, "every page is installed")
for command in commands:
    page = pages.get(f"tare-{command}.1", "")
    tap.same(page_options(page), help_options(command), f"the options of {command}")
    summary = run(command, "--help").split("\n", 1)[0].split(": ", 1)[1]
    tap.ok(f"\n.Nd {summary}\n" in page, f"{command} says the same of itself", summary)
    tap.ok(".Sh EXIT STATUS\n" in page, f"{command} tells its exit status")

# Every variable that is read: named to getenv(), or in a file that names what it asks for elsewhere; or looked for
# in the environment itself, by "NAME=".
documented = re.findall(r"^\.It Ev ([A-Z_]+)$", section(overview, "ENVIRONMENT"), re.M)
read = set()
for text in sources("src"):
    read |= set(re.findall(r'getenv\("([A-Z_]+)"\)', text))
    read |= set(re.findall(r'"([A-Z][A-Z_]{2,})="', text))
    if re.search(r'getenv\((?!")', text):
        read |= set(re.findall(r'"([A-Z][A-Z_]{2,})"', text))

# A header may promise one that a program reads where the binary does not.
promised = {n for text in sources("include") for n in re.findall(r"\b(TARE_[A-Z_]+)=\w", text)}
tap.same(documented, read | promised, "the environment variables of tare(1)")
tap.ok(len(documented) == len(set(documented)), "each once", documented)
for name, page in pages.items():
    used = {n for n in re.findall(r"^\.Ev (TARE_[A-Z_]+)", page, re.M)}
    tap.ok(used <= set(documented), f"{name} names variables that there are", used - set(documented))

public = re.compile(r"^(?:inline )?(?:enum |void |tare_\w+ |const )[^;{(=]*?\**(tare_[a-z_]+[a-z])\(", re.M)
functions = {n for text in sources("include") for n in public.findall(text)}
tap.same(
    {n for n in re.findall(r"^\.Fn (tare_\w+)", pages["libtare.3"].split(".Sh DESCRIPTION")[0], re.M)},
    functions,
    "the functions of libtare(3)",
)

config = "".join(
    path.read_text(encoding="utf-8") for path in sorted((source / "src" / "app").glob("config_*.c"))
)
keys = re.findall(r"\b(?:TEXT|REAL|WHOLE|ONE_OF|WORDS)\((\w+), ", config)
keys += re.findall(r'CYAML_FIELD_\w+\("(\w+)"', config)
keyed = re.findall(r"^\.It Ic (\w+)$", pages["tare.yml.5"], re.M)
tap.same(keyed, keys, "the keys of tare.yml(5)")

def shown():
    """(where, line) of every command that a page or a guide shows."""
    escapes = {r"\(dq": '"', r"\(aq": "'", r"\e": "\\", r"\-": "-"}
    for name, page in pages.items():
        for line in re.findall(r"^(?:\.Dl )?\$ (.*)$", page, re.M):
            for escape, text in escapes.items():
                line = line.replace(escape, text)
            yield name, line
    for path in [source / "README.md", *sorted((source / "docs").glob("*.md"))]:
        for line in re.findall(r"^\$ (.*)$", path.read_text(encoding="utf-8"), re.M):
            yield path.name, line


def invocations(line):
    """The words of every `tare …` in a line of shell."""
    lexer = shlex.shlex(line.replace("$(", " ; ").replace('"', "\\\"") if "$(" in line else line,
                        posix=True, punctuation_chars="|&;<>()")
    lexer.whitespace_split, lexer.commenters = True, "#"
    command = []
    for word in [*lexer, ";"]:
        if not set(word) <= set("|&;<>()"):
            command.append(word)
            continue
        if command[:1] == ["tare"]:
            yield command
        command = []


# What stands in an example is what the program takes: nothing of it may be a matter of usage.
desk = tempfile.mkdtemp()
examples = 0
for words in ["init -q -b main", "commit -q --allow-empty -m first", "tag v1.2", "branch feature"]:
    who = ["-c", "user.name=tester", "-c", "user.email=tester@example.org"]
    subprocess.run(["git", *who, *words.split()], cwd=desk, check=True)
clean = {k: v for k, v in os.environ.items() if not k.startswith(("TARE_", "XDG_", "GIT_"))}
for where, line in shown():
    for words in invocations(line):
        pathlib.Path(desk, "tare.yml").unlink(missing_ok=True)
        done = subprocess.run(
            [pathlib.Path(tare).resolve(), *words[1:]],
            capture_output=True,
            text=True,
            check=False,
            cwd=desk,
            stdin=subprocess.DEVNULL,
            env=clean | {"HOME": desk, "TARE_RUNTIME_DIR": desk, "TARE_INGEST": "never"},
        )
        tap.ok("Try 'tare help" not in done.stderr, f"{where}: {line}", done.stderr)
        examples += 1
tap.ok(examples > 50, "there are many examples", examples)
shutil.rmtree(desk)

if shutil.which("mandoc"):
    for name in sorted(pages):
        lint = subprocess.run(
            ["mandoc", "-T", "lint", "-W", "warning", str(man / name)],
            capture_output=True,
            text=True,
            check=False,
        )
        tap.ok(lint.returncode == 0, f"{name} is well-formed", lint.stdout)
else:
    print("# mandoc is not installed: the form of the pages is not checked")
tap.end()
