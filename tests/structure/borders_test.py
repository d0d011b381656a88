# SPDX-License-Identifier: Apache-2.0
"""The border check finds each kind of breach, and nothing in clean files."""
import pathlib
import tempfile
import unittest

from borders import breaches_of, breaches_of_build, check

SPDX = "// SPDX-License-Identifier: Apache-2.0\n"


class BordersTest(unittest.TestCase):
    def assert_breach(self, path, line):
        self.assertTrue(list(breaches_of(path, SPDX + line)), f"{path} with {line!r} was let through")

    def test_breaches(self):
        self.assert_breach("src/model/a.h", '#include "network/view.h"')
        self.assert_breach("src/model/a.h", "#include <cmath>")
        self.assert_breach("src/model/a.h", "#include <string>")
        self.assert_breach("src/network/a.cpp", '#include "engine/backend.h"')
        self.assert_breach("src/network/a.cpp", "#include <random>")
        self.assert_breach("src/network/a.cpp", "const double y = std::exp(x);")
        self.assert_breach("src/backends/cpu/a.cpp", "y = powf(x, 2.0F);")
        self.assert_breach("src/engine/a.cpp", "std::normal_distribution<double> d;")
        self.assert_breach("src/extra/a.cpp", "")
        self.assert_breach("src/io/a.cpp", '#include "csv_reader.h"')
        self.assert_breach("include/rheobase/a.h", "#include <nlohmann/json.hpp>")
        self.assert_breach("src/io/a.cpp", '#include "backends/cpu/cpu.h"')
        self.assert_breach("src/backends/cpu/a.cpp", '#include "backends/reference/reference.h"')
        self.assert_breach("src/backends/cpu/a.cpp", '#include "network/plan.h"')
        self.assert_breach("src/engine/engine.cpp", '#include "backends/cpu/cpu.h"')
        self.assert_breach("src/cli/run.cpp", '#include "network/view.h"')
        self.assert_breach("src/engine/a.cpp", "#include <nlohmann/json.hpp>")
        self.assert_breach("src/io/a.cpp", "#include <CLI/CLI.hpp>")
        self.assert_breach("src/io/a.cpp", "#if defined(__linux__)")
        self.assert_breach("src/cli/a.cpp", "#include <unistd.h>")
        self.assert_breach("src/engine/a.cpp", "std::vector<std::thread> threads;")
        self.assert_breach("src/platform/a.cpp", "std::async(std::launch::async, work);")
        self.assert_breach("python/bindings/a.h", "std::jthread thread;")
        self.assert_breach("src/io/a.cpp", "pthread_create(&thread, nullptr, work, nullptr);")
        self.assert_breach("include/rheobase/a.h", '#include "network/view.h"')
        self.assert_breach("src/io/BadName.cpp", "")
        self.assert_breach("src/io/a.cpp", 'fail("burst " + std::to_string(burst));')
        self.assert_breach("src/cli/a.cpp", 'std::snprintf(text, sizeof text, "%f", value);')
        self.assert_breach("src/io/a.cpp", """fail("no area '" + name + "'");""")
        self.assert_breach("src/io/a.cpp", 'fail("no key \\"" + key + "\\"");')
        self.assert_breach("src/io/a.cpp", "#include <fmt/printf.h>")
        self.assertTrue(list(breaches_of("src/io/a.cpp", "int x;\n")))

    def test_clean(self):
        for path, line in [("src/engine/registry.cpp", '#include "backends/cpu/cpu.h"'),
                           ("src/backends/cpu/cpu.cpp", '#include "network/view.h"'),
                           ("src/model/a.h", "#include <cstdint>"),
                           ("src/network/a.cpp", 'f(model::exp_negative(x), "exp(-x)");  // exp(-x)'),
                           ("src/network/a.cpp", "table.log(std::abs(n), stack.pop());"),
                           ("src/cli/run.cpp", '#include "rheobase/engine.h"'),
                           ("src/platform/thread.h", "std::unique_ptr<std::thread> thread_;"),
                           ("src/engine/a.cpp", "std::atomic<std::thread::id> owner;  // std::thread"),
                           ("src/cli/a.cpp", 'out << fmt::sprintf("%8.1f us", us);'),
                           ("src/io/a.cpp", 'fail("no area " + quoted_name(name) + ".");')]:
            self.assertEqual(list(breaches_of(path, SPDX + line)), [])

    def test_flags_of_builds(self):
        self.assertTrue(list(breaches_of_build("CMakeLists.txt", "add_compile_options(-ffast-math)")))
        self.assertTrue(list(breaches_of_build("Makefile", "CXXFLAGS = -Ofast")))
        self.assertFalse(list(breaches_of_build("tests/hostile/CMakeLists.txt", "-ffast-math")))

    def test_a_tree_on_disk(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for path, line in [("src/model/good.h", "#include <cstdint>\n"),
                               ("src/cli/bad.cpp", '#include "engine/backend.h"\n'),
                               ("CMakeLists.txt", "add_compile_options(-ffast-math)\n")]:
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_text(SPDX + line, encoding="utf-8")
            count, found = check(root)
            self.assertEqual(count, 2)
            self.assertEqual([f.split(":")[0] for f in found], ["src/cli/bad.cpp", "CMakeLists.txt"])


if __name__ == "__main__":
    unittest.main()
