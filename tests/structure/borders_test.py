# SPDX-License-Identifier: Apache-2.0
"""The border check finds each kind of breach, and nothing in clean files."""
import unittest

from borders import breaches_of

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
        self.assert_breach("src/io/a.cpp", '#include "backends/cpu/cpu.h"')
        self.assert_breach("src/backends/cpu/a.cpp", '#include "backends/reference/reference.h"')
        self.assert_breach("src/backends/cpu/a.cpp", '#include "network/plan.h"')
        self.assert_breach("src/engine/engine.cpp", '#include "backends/cpu/cpu.h"')
        self.assert_breach("src/cli/run.cpp", '#include "network/view.h"')
        self.assert_breach("src/engine/a.cpp", "#include <nlohmann/json.hpp>")
        self.assert_breach("src/io/a.cpp", "#include <CLI/CLI.hpp>")
        self.assert_breach("src/io/a.cpp", "#if defined(__linux__)")
        self.assert_breach("src/cli/a.cpp", "#include <unistd.h>")
        self.assert_breach("include/rheobase/a.h", '#include "network/view.h"')
        self.assert_breach("src/io/BadName.cpp", "")
        self.assertTrue(list(breaches_of("src/io/a.cpp", "int x;\n")))

    def test_clean(self):
        for path, line in [("src/engine/registry.cpp", '#include "backends/cpu/cpu.h"'),
                           ("src/backends/cpu/cpu.cpp", '#include "network/view.h"'),
                           ("src/model/a.h", "#include <cstdint>"),
                           ("src/cli/run.cpp", '#include "rheobase/engine.h"')]:
            self.assertEqual(list(breaches_of(path, SPDX + line)), [])


if __name__ == "__main__":
    unittest.main()
