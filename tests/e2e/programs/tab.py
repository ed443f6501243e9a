#!/usr/bin/env python3
"""tab.py SHELL SCRIPT LINE: types LINE into a real shell that has read SCRIPT, a tab at its end, and
prints the words that the line consists of then, one a line, behind what the shell showed on the way.

What is typed after the tab waits until the shell has completed: Ctrl-A, a printf in front, Ctrl-E,
a last word, return.
"""

import os
import pty
import re
import select
import signal
import sys

shell, script, line = sys.argv[1:4]
begin = {
    "bash": (
        ["bash", "--norc", "--noprofile", "-i"],
        f"PS1=; bind 'set show-all-if-ambiguous on'; bind 'set bell-style none'; . '{script}'",
    ),
    "zsh": (
        ["zsh", "-f", "-i"],
        "PS1=; bindkey -e; unsetopt beep; setopt no_list_ambiguous; autoload -Uz compinit; compinit -D -u;"
        f" . '{script}'",
    ),
    "fish": (["fish", "--no-config", "-i"], f"function fish_prompt; end; source '{script}'"),
}[shell]
signal.alarm(100)
pid, terminal = pty.fork()
if pid == 0:
    os.environ.update(TERM="xterm", COLUMNS="200", LINES="60", LC_ALL="C.UTF-8")
    os.execvp(begin[0][0], begin[0])
seen = b""


def send(text):
    os.write(terminal, text.encode())


def read_until(word):
    global seen
    start = len(seen)
    while not re.search(rb"<" + word + rb">\r?\n", seen[start:]):
        select.select([terminal], [], [])
        try:
            piece = os.read(terminal, 65536)
        except OSError:
            break
        if not piece:
            break
        seen += piece


send(f"stty columns 200 rows 60; {begin[1]}; printf '<%s>\\n' READY\r")
read_until(b"READY")
start = len(seen)
send(line + "\t")
send("\x01printf '<%s>\\n' \x05 END\r")
read_until(b"END")
send("\x03exit\r")
os.kill(pid, signal.SIGKILL)
text = seen[start:].decode(errors="replace")
text = re.sub(r"\x1b(\[[0-9;?=>]*[A-Za-z]|[=>]|\(B|\][^\x07]*\x07)|[\x0e\x0f\x07]", "", text)
print(text.replace("\r", "\n"))
