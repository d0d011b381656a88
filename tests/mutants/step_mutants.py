#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes a header with copies of neuron_step, each with one fault: step_mutants.py SOURCE_DIR OUTPUT.

Every comparison is moved by one, every truth value and choice is turned round, every constant is changed."""
import pathlib
import re
import sys

# what stands in the text of the step, the fault
FAULTS = [
    (r" >= ", " > "), (r" > ", " >= "), (r" <= ", " < "), (r" < ", " <= "), (r" == ", " != "), (r" != ", " == "),
    (r" & ", " | "), (r" \| ", " & "), (r" \+ ", " - "), (r" - ", " + "), (r" \+= ", " -= "), (r"!(?=[a-z])", ""),
    (r"\bselect\(", "swapped("), (r"\b0U\b", "1U"), (r"\b1U\b", "2U"), (r"\b0\.0F\b", "1.0F"), (r"\b65535U\b", "65534U"),
    (r"\bmul_rn\(", "add_rn("), (r"\bkMostFires\b", "(kMostFires - 1U)"),
]
FLOAT_FAULTS = [(r" > ", " >= "), (r" <= ", " < "), (r" < ", " <= "), (r"\bselect\(", "swapped(")]


def body_of(text, begin):
    """The function that begins there, to its closing brace at the left edge."""
    at = text.index(begin)
    return text[at:text.index("\n}\n", at) + 3]


def mutants_of(text, faults):
    """What was changed, and the text with the change; comments stay."""
    for number, line in enumerate(text.split("\n")):
        code = line.split("//")[0]
        takes_a_bit = re.search(r"\((rules|p\.flags) & ", code)  # any other fault there is the same as turning it round
        for pattern, fault in [f for f in faults if not takes_a_bit or f[1] in (" == ", " != ")]:
            for found in re.finditer(pattern, code):
                changed = code[:found.start()] + fault + code[found.end():]
                lines = text.split("\n")
                lines[number] = changed
                yield f"{changed.strip()}  [was: {code.strip()}]", "\n".join(lines)


def main():
    source, output = map(pathlib.Path, sys.argv[1:])
    step = body_of((source / "src/model/neuron_step.h").read_text(), "inline StepResult neuron_step(")
    floats = (source / "src/model/float_ops.h").read_text()
    parts = {name: body_of(floats, begin) for name, begin in (
        ("flushed", "inline float flushed("), ("add_rn", "inline float add_rn("), ("mul_rn", "inline float mul_rn("),
        ("canonical", "inline float canonical("))}
    logic = step[step.index("{\n"):]
    head = step[:step.index("{\n")]
    mutants = [(what, head + text, {}) for what, text in mutants_of(logic, FAULTS)]
    for name in ("flushed", "canonical"):
        mutants += [(f"{name}: {what}", step, {**parts, name: text}) for what, text in mutants_of(parts[name], FLOAT_FAULTS)]
    out = ["// Written by tests/mutants/step_mutants.py.", "#pragma once", "#pragma GCC system_header  // warnings are right, and expected", '#include "model/neuron_step.h"',
           "namespace rheobase::model {",
           "template <class T> T swapped(T no, T yes, bool condition) { return select(yes, no, condition); }",
           "inline std::uint32_t swapped(unsigned no, std::uint16_t yes, bool condition) { return select(yes, no, condition); }"]
    for i, (_, text, replaced) in enumerate(mutants):
        # an unchanged name would be found by its arguments as well
        helpers = "".join(replaced.values())
        for name in replaced:
            helpers = re.sub(rf"\b{name}\(", f"mutated_{name}(", helpers)
            text = re.sub(rf"\b{name}\(", f"mutated_{name}(", text)
        out.append(f"namespace mutant_{i} {{\n{helpers}{text}}}")
    out.append("struct Mutant { const char* what; StepResult (*step)(std::uint32_t, const NeuronClass&, "
               "const NeuronState&, const StepInput&, std::uint32_t); };")
    out.append("inline constexpr Mutant kMutants[] = {")
    out += [f'{{R"({what})", mutant_{i}::neuron_step}},' for i, (what, _, _) in enumerate(mutants)]
    out.append("};\n}  // namespace rheobase::model\n")
    output.write_text("\n".join(out))


if __name__ == "__main__":
    main()
