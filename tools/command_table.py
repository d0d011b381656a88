#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""command_table.py [--write] PROGRAM: whether README's table of commands is what PROGRAM's --help says; --write makes it so."""

import pathlib
import re
import subprocess
import sys

README = pathlib.Path(__file__).resolve().parent.parent / "README.md"
BEGIN, END = "<!-- commands: tools/command_table.py writes this -->\n", "<!-- end of commands -->\n"


def help_of(program, *command):
    return subprocess.run([program, *command, "--help"], check=True, capture_output=True, text=True, env={"COLUMNS": "400"}).stdout


def subcommands(text):
    """Names and descriptions; a description may go on in lines that are indented further."""
    part = text.partition("Subcommands:\n")[2]
    found = []
    for line in part.splitlines():
        if match := re.fullmatch(r"  (\S+)(?: +(\S.*))?", line):
            found.append([match[1], match[2] or ""])
        elif found and re.match(r"   +\S", line):
            found[-1][1] += " " + line.strip()
        else:
            break
    return [(name, what.strip()) for name, what in found]


def positionals(text):
    usage = re.search(r"^Usage: .*$", text, re.M)[0]
    return " ".join(word.upper() for word in re.findall(r"\[?\b(?:[a-z_]+)\]?(?=\s|$)", usage.partition("[OPTIONS]")[2]))


def rows(program):
    for name, what in subcommands(help_of(program)):
        text = help_of(program, name)
        inner = subcommands(text)
        if not inner or "[SUBCOMMAND]" in text:
            yield f"{name} {positionals(text)}".strip(), what
        for second, inner_what in inner:
            yield f"{name} {second}", inner_what


def table(program):
    lines = ["| command | what it does |", "|---|---|", *(f"| `{command}` | {what} |" for command, what in rows(program))]
    return "\n".join(lines) + "\n"


def main():
    text = README.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    stands, end, after = rest.partition(END)
    if not begin or not end:
        sys.exit(f"README.md lacks the line {BEGIN.strip()} or {END.strip()}")
    wanted = table(sys.argv[-1])
    if "--write" in sys.argv:
        README.write_text(before + begin + wanted + end + after, encoding="utf-8")
    elif stands != wanted:
        sys.exit(f"README.md's table of commands is not what the program says (tools/command_table.py --write PROGRAM). It should be:\n{wanted}")


if __name__ == "__main__":
    main()
