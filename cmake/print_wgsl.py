# SPDX-License-Identifier: Apache-2.0
"""Prints what host and device share, written once in C++, as WGSL: print_wgsl.py HEADER OUTPUT.

It understands the subset of C++ that src/model/neuron_step.h, src/model/elementary.h and src/backends/wgpu/layout.h are written
in, between the lines `// wgsl begin` and `// wgsl end`: enumerations and constants of 32 bits, structures of scalars, and functions
of straight statements and counting loops. Anything else is an error that names the line, so that nothing is left out in silence."""
import pathlib
import re
import sys

# 16-bit fields are kept in 32 bits on the device
TYPES = {"std::uint32_t": "u32", "std::uint16_t": "u32", "std::int32_t": "i32", "float": "f32", "bool": "bool"}
TYPE = r"(?:std::u?int(?:32|16)_t|float|bool)"
NAME = r"[A-Za-z_]\w*"


class NotUnderstood(Exception):
    pass


def type_of(text):
    return TYPES.get(text, text)


def expression(text):
    """Literals and calls as WGSL writes them; `guard` is the device's own (float_ops.wgsl)."""
    text = re.sub(r"\b(\d+\.\d+(?:[eE][+-]?\d+)?)F\b", r"\1", text)
    text = re.sub(r"\b(0x[0-9A-Fa-f.]+p[+-]?\d+)F\b", r"\1f", text)
    text = re.sub(rf"\bstatic_cast<({TYPE})>", lambda cast: TYPES[cast[1]], text)
    text = re.sub(r"\b(0x[0-9A-Fa-f]+|\d+)U\b", r"\1u", text)
    text = text.replace(", guard)", ")")
    unknown = re.search(r"::|->|\?|&&|\|\||\bstatic_cast\b|\bguard\b|\b\d+(?:e[+-]?\d+)?F\b", text)
    if unknown:
        raise NotUnderstood(f"'{unknown[0]}' has no form in WGSL")
    return text


def constant(text):
    """An integer expression in which every literal is unsigned."""
    return re.sub(r"\b(0x[0-9A-Fa-f]+|\d+)\b(?!u)", r"\1u", expression(text))


def parameters(text):
    printed = []
    for parameter in re.split(r",\s*", text.strip()):
        match = re.fullmatch(rf"(?:const )?({TYPE}|{NAME})&? ({NAME})( = 0)?", parameter)
        if not match:
            raise NotUnderstood(f"the parameter '{parameter}'")
        if match[2] != "guard":
            printed.append(f"{match[2]}: {type_of(match[1])}")
    return ", ".join(printed)


class Printer:
    def __init__(self):
        self.inside = None  # "enum", "struct", "function"
        self.loops = 0

    def statement(self, text):
        """One statement, from its first word to its ;, comma or brace."""
        if self.inside is None:
            return self.outermost(text)
        if text.strip() == "}" and self.loops:
            self.loops -= 1
            return "  }"
        if text == "};" or text == "}":
            closes, self.inside = self.inside, None
            return "" if closes == "enum" else "}"
        return getattr(self, "in_" + self.inside)(text)

    def outermost(self, text):
        if re.fullmatch(rf"enum {NAME} : std::uint32_t {{", text):
            self.inside = "enum"
            return ""
        match = re.fullmatch(rf"struct ({NAME}) {{", text)
        if match:
            self.inside = "struct"
            return f"struct {match[1]} {{"
        match = re.fullmatch(rf"inline constexpr std::uint32_t ({NAME}) = (.*);", text, re.S)
        if match:
            return f"const {match[1]} = {constant(match[2])};"
        match = re.fullmatch(rf"(?:\[\[gnu::always_inline\]\] )?inline ({TYPE}|{NAME}) ({NAME})\((.*)\) {{", text, re.S)
        if match:
            self.inside = "function"
            return f"fn {match[2]}({parameters(match[3])}) -> {type_of(match[1])} {{"
        match = re.fullmatch(rf"inline constexpr float ({NAME}) = (.*);", text)
        if match:
            return f"const {match[1]}: f32 = {expression(match[2])};"
        match = re.fullmatch(rf"inline ({TYPE}|{NAME}) ({NAME})\((.*?)\) {{ return (.*); }}", text)
        if match:
            return f"fn {match[2]}({parameters(match[3])}) -> {type_of(match[1])} {{ return {expression(match[4])}; }}"
        raise NotUnderstood(f"'{text.splitlines()[0]}'")

    def in_enum(self, text):
        match = re.fullmatch(rf"({NAME}) = (.*),", text)
        if not match:
            raise NotUnderstood(f"'{text}' (an enumerator has a value and a comma)")
        return f"const {match[1]} = {constant(match[2])};"

    def in_struct(self, text):
        match = re.fullmatch(rf"({TYPE}|{NAME}) ({NAME})(?: = [^;]*)?;", text)
        if not match:
            raise NotUnderstood(f"the field '{text}'")
        return f"  {match[2]}: {type_of(match[1])},"

    def in_function(self, text):
        indent = "  " * (1 + self.loops)
        match = re.fullmatch(rf"for \(std::uint32_t ({NAME}) = (\d+U); ([^;]*); \1 \+= 1U\) {{", text)
        if match:
            self.loops += 1
            return f"{indent}for (var {match[1]} = {expression(match[2])}; {expression(match[3])}; {match[1]} += 1u) {{"
        match = re.fullmatch(rf"(const )?({TYPE}|[A-Z]\w*) ({NAME}) =(.*;)", text, re.S)
        if match:
            return f"{indent}{'let' if match[1] else 'var'} {match[3]} ={expression(match[4])}"
        match = re.fullmatch(rf"({NAME}) ({NAME});", text)
        if match and match[1] != "return":
            return f"{indent}var {match[2]}: {match[1]};"
        if re.fullmatch(rf"({NAME})(\.{NAME})* [+-]?= .*;", text, re.S) or re.fullmatch(r"return .*;", text, re.S):
            return indent + expression(text)
        raise NotUnderstood(f"the statement '{text}'")


def wgsl_of(source, name="header"):
    """The marked parts of a header's text as WGSL."""
    printer, printed, pending, begun, marked = Printer(), [], "", 0, False
    for number, line in enumerate(source.splitlines(), 1):
        if line.strip() in ("// wgsl begin", "// wgsl end"):
            marked = line.strip() == "// wgsl begin"
            continue
        if not marked:
            continue
        code, _, comment = line.partition("//")
        comment = "//" + comment.lstrip("/<").rstrip() if _ else ""
        comment = re.sub(r"^//(?=\S)", "// ", comment)
        if not code.strip() and not pending:
            indent = "  " * (1 + printer.loops) if printer.inside else ""
            printed.append(indent + comment if comment else "")
            continue
        begun = begun or number
        pending += ("\n" + code.rstrip()) if pending else code.strip()
        if not pending.endswith((";", "{", "}", "," if printer.inside == "enum" else ";")):
            continue
        # a declaration may be broken over lines
        whole = pending if printer.inside == "function" else re.sub(r"\s*\n\s*", " ", pending)
        try:
            text = printer.statement(whole)
        except NotUnderstood as problem:
            raise NotUnderstood(f"{name}:{begun}: {problem} cannot be printed as WGSL (print_wgsl.py knows a subset of C++).")
        if text or comment:
            printed.append(text + ("  " if text and comment else "") + comment)
        pending, begun = "", 0
    if pending or printer.inside:
        raise NotUnderstood(f"{name}: the last statement does not end")
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(printed)).strip()
    if not text:
        raise NotUnderstood(f"{name}: nothing stands between `// wgsl begin` and `// wgsl end`")
    return text + "\n"


def main():
    header, output = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    try:
        text = wgsl_of(header.read_text(encoding="utf-8"), header.as_posix())
    except NotUnderstood as problem:
        print(problem, file=sys.stderr)
        return 1
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(f"// Printed from {header.name}.\n{text}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
