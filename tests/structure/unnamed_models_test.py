# SPDX-License-Identifier: Apache-2.0
"""The check for models in code finds them wherever they are named, and nothing in clean files."""
import pathlib
import tempfile
import unittest

from unnamed_models import ELSE, check, names_of, patterns_of, places_of

TEXT = '''model own "state x = 1 in a title"
param tau = 3 ms
state V_m = E_L mV in -1e6..1e6 "potential", w = max(p, q = 1) pA
  state h_1 = 0  # state not = 1
port ex exp tau nS
port I sum
'''
PATTERNS = list(patterns_of(["own_model"], ["V_m", "v", "mem"]))


class UnnamedModelsTest(unittest.TestCase):
    def places(self, path, text):
        return list(places_of(path, text, PATTERNS))

    def test_names_of_states(self):
        self.assertEqual(list(names_of(TEXT)), ["V_m", "w", "h_1", "ex"])

    def test_breaches(self):
        for path, text, name in [("src/engine/a.cpp", 'if (state.name == "V_m") {', "V_m"),
                                 ("src/cli/a.cpp", 'fail("no V_m here");', "V_m"),
                                 ("include/rheobase/a.h", "float mem;", "mem"),
                                 ("src/backends/wgpu/a.wgsl", "let mem = 1.0;", "mem"),
                                 ("python/rheobase/a.py", "run(record='V_m')", "V_m"),
                                 ("python/rheobase/a.py", "x = models.own_model", "own_model"),
                                 ("src/backends/cpu/a.cpp", 'column("v")', "v"),
                                 ("src/io/a.cpp", 'f("//"); g("own_model");', "own_model")]:
            self.assertEqual(self.places(path, "\n" + text), [(2, name)], text)

    def test_clean(self):
        for path, text in [("src/engine/a.cpp", "const float v = 1;  // V_m of own_model"),
                           ("src/engine/a.cpp", "/* V_m\n mem */ int memory, own_models;"),
                           ("src/io/a.cpp", 'axis("v");'),
                           ("python/rheobase/a.py", '"""Such as\n`own_model`, V_m."""\nv = 1  # mem')]:
            self.assertEqual(self.places(path, text), [], text)

    def test_a_tree_on_disk(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for path, text in [("models/own.model", TEXT),
                               ("src/definition/own.cpp", 'state("V_m");'),
                               ("tests/own_test.cpp", 'state("V_m");'),
                               ("src/engine/good.cpp", "int v;"),
                               ("src/engine/bad.cpp", '\nstate("h_1");')]:
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_text(text, encoding="utf-8")
            models, states, found = check(root)
            self.assertEqual((models, states), (1, 4))
            self.assertEqual([f.split(" ")[0] for f in found if "ELSE" not in f], ["src/engine/bad.cpp:2:"])
            self.assertEqual(sum("ELSE" in f for f in found), len(ELSE))


if __name__ == "__main__":
    unittest.main()
