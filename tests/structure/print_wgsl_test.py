# SPDX-License-Identifier: Apache-2.0
"""What is printed as WGSL is what the header says, and what cannot be printed is an error."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "cmake"))
from print_wgsl import NotUnderstood, wgsl_of  # noqa: E402


def printed(code):
    return wgsl_of("// wgsl begin\n" + code + "\n// wgsl end\n")


class PrintWgslTest(unittest.TestCase):
    def test_constants_and_structures(self):
        self.assertEqual(printed("enum E : std::uint32_t {\n  kA = 1U << 3U,  ///< why\n};"), "const kA = 1u << 3u;  // why\n")
        self.assertEqual(printed("inline constexpr std::uint32_t kWords = kA * 16;"), "const kWords = kA * 16u;\n")
        self.assertEqual(printed("/// What.\nstruct S {\n  std::uint16_t a = 0;  ///< mV\n  bool b;\n  Other c;\n};"),
                         "// What.\nstruct S {\n  a: u32,  // mV\n  b: bool,\n  c: Other,\n}\n")

    def test_functions(self):
        code = """
[[gnu::always_inline]] inline Out step(std::uint32_t rules, const In& in,
                                       std::uint32_t guard = 0) {
  // leak
  const float v = select(mul_rn(in.v, 0.5F, guard),
                         0.0F, rules != 2U);
  std::uint32_t count = in.count;
  count += 1U;
  Out out;
  out.state.v = v;
  return out;
}"""
        self.assertEqual(printed(code), """fn step(rules: u32, in: In) -> Out {
  // leak
  let v = select(mul_rn(in.v, 0.5),
                         0.0, rules != 2u);
  var count = in.count;
  count += 1u;
  var out: Out;
  out.state.v = v;
  return out;
}
""")

    def test_floats_casts_and_loops(self):
        self.assertEqual(printed("inline constexpr float kHalf = 0.5F;"), "const kHalf: f32 = 0.5;\n")
        self.assertEqual(printed("inline float f(float x) { return g(x, 0x1.8p-24F, 2.5e-05F); }"),
                         "fn f(x: f32) -> f32 { return g(x, 0x1.8p-24f, 2.5e-05); }\n")
        code = """
inline float f(float x, std::uint32_t guard = 0) {
  Pair p = pair_of(static_cast<std::int32_t>(x), guard);
  for (std::uint32_t i = 1U; (i < 8U) & !p.found; i += 1U) {
    // one more
    const float y = static_cast<float>(p.a);
    p.b += y;
  }
  return -p.b;
}"""
        self.assertEqual(printed(code), """fn f(x: f32) -> f32 {
  var p = pair_of(i32(x));
  for (var i = 1u; (i < 8u) & !p.found; i += 1u) {
    // one more
    let y = f32(p.a);
    p.b += y;
  }
  return -p.b;
}
""")

    def test_what_it_does_not_know_is_an_error(self):
        body = "inline float f(float x) {{\n  {}\n  return x;\n}}"
        for statement in ("if (x > 0.0F) {", "const double y = x;", "const float y = std::exp(x);", "const float y = x > 0.0F ? x : 1.0F;",
                          "const bool y = (x > 0.0F) && (x < 1.0F);", "f(x);", "const float y = guarded(x, guard, 1);",
                          "while (x > 0.0F) {", "for (std::uint32_t i = 0U; i < 8U; i += 2U) {", "const float y = static_cast<double>(x);",
                          "const float y = 1e3F;"):
            with self.assertRaises(NotUnderstood, msg=statement):
                printed(body.format(statement))
        for outermost in ("using A = int;", "template <class T> struct S {", "inline constexpr double kHalf = 0.5;", "struct S {\n  int* a;\n};"):
            with self.assertRaises(NotUnderstood, msg=outermost):
                printed(outermost)
        with self.assertRaises(NotUnderstood):
            wgsl_of("struct S {};")  # nothing is marked


if __name__ == "__main__":
    unittest.main()
