# SPDX-License-Identifier: Apache-2.0
"""No code outside the definitions knows a built-in model: unnamed_models.py SOURCE_DIR prints every place
that names one, or a state of one, and exits 1.

What is named, in code and in texts, not in comments:
- the name of a model, and of a state with three letters or more, as a word anywhere;
- a shorter state (`v`, `w`), which is a usual name of a variable too, as a text of its own ("v"), in the
  parts that run networks. There a text is a column's name; elsewhere it may be an axis or a unit."""
import pathlib
import re
import sys

STATE = re.compile(r"^\s*state\s+(.*)")
PORT = re.compile(r"^\s*port\s+(\w+)\s+(?:exp|alpha|dexp)\b")  # decays, so it is a state
TITLED = re.compile(r'"[^"]*"')
NAMED = re.compile(r"(?:^|,)\s*(\w+)\s*=")
CODE = ("src", "include", "python/rheobase", "python/bindings")
DEFINITIONS = ("src/definition/",)
RUNNING = ("src/model/", "src/network/", "src/engine/", "src/backends/")
SHORT = 2  # letters
# what else bears such a name: file, name, reason
ELSE = (
    ("src/network/fields.cpp", "V_m", "the neuron without a model in NEST's words"),
    ("src/network/fields.cpp", "v", "the neuron without a model in Brian2's words"),
    ("src/network/fields.cpp", "w", "the weight of a synapse in Brian2's words"),
    ("src/cli/models.cpp", "izhikevich", "an example of a command"),
    ("python/rheobase/_drives.py", "poisson_source", "a hint what to use instead"),
    ("src/backends/wgpu/print_step.cpp", "v", "how the variables of a printed step begin"),
)
C_COMMENT = re.compile(r'("(?:\\.|[^"\\\n])*")|//[^\n]*|/\*.*?\*/', re.DOTALL)
PYTHON_COMMENT = re.compile(r'("""(?:.|\n)*?""")|("(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\')|#[^\n]*')


def names_of(text):
    """The states of a model's text, decaying ports among them."""
    for line in text.splitlines():
        code = TITLED.sub("", line).split("#")[0]
        if match := STATE.match(code):
            depth_free = re.sub(r"\([^()]*\)", "", match[1])  # commas of calls begin no state
            yield from NAMED.findall(depth_free)
        elif match := PORT.match(code):
            yield match[1]


def without_comments(path, text):
    """The code, line by line as it was. Texts in three quotes describe, and go too."""
    def lines_of(match):
        return "\n" * match[0].count("\n")

    if path.endswith(".py"):
        return PYTHON_COMMENT.sub(lambda m: m[2] or lines_of(m), text)
    return C_COMMENT.sub(lambda m: m[1] or lines_of(m), text)


def patterns_of(models, states):
    """(name, pattern, only in RUNNING)"""
    for name in sorted({*models, *(s for s in states if len(s) > SHORT)}):
        yield name, re.compile(rf"(?<!\w){re.escape(name)}(?!\w)"), False
    for name in sorted(s for s in states if len(s) <= SHORT):
        yield name, re.compile(rf'"{re.escape(name)}"'), True


def places_of(path, text, patterns):
    """Line and name of each place."""
    for number, line in enumerate(without_comments(path, text).splitlines(), 1):
        for name, pattern, only_running in patterns:
            if pattern.search(line) and (path.startswith(RUNNING) or not only_running):
                yield number, name


def check(root):
    """Number of models and of names, and what is wrong."""
    texts = {f.stem: f.read_text(encoding="utf-8") for f in sorted((root / "models").glob("*.model"))}
    states = {name for text in texts.values() for name in names_of(text)}
    patterns = list(patterns_of(texts, states))
    found, met = [], set()
    for file in sorted(f for folder in CODE for f in (root / folder).rglob("*")):
        path = file.relative_to(root).as_posix()
        if file.suffix not in (".h", ".cpp", ".wgsl", ".py") or path.startswith(DEFINITIONS):
            continue
        for number, name in places_of(path, file.read_text(encoding="utf-8"), patterns):
            if any((path, name) == e[:2] for e in ELSE):
                met.add((path, name))
            else:
                found.append(f"{path}:{number}: names {name}, which belongs to a definition in models")
    found += [f"{e[0]}: does not name {e[1]} any more. Take it out of ELSE." for e in ELSE if e[:2] not in met]
    return len(texts), len(states), found


def main():
    models, states, found = check(pathlib.Path(sys.argv[1]))
    print("\n".join(found))
    print(f"{models} models with {states} names of states, {len(found)} breaches")
    return 1 if found or not models or not states else 0


if __name__ == "__main__":
    sys.exit(main())
