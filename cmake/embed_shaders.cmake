# SPDX-License-Identifier: Apache-2.0
# Writes OUTPUT, a header with the text of every file in SHADERS: shaders::update_neurons for update_neurons.wgsl.
set(text "// Generated from src/backends/wgpu/shaders.\n#pragma once\n\n#include <string_view>\n\nnamespace rheobase::shaders {\n\n")
foreach(shader ${SHADERS})
  get_filename_component(name ${shader} NAME_WE)
  file(READ ${shader} code)
  # pieces, since compilers limit the length of one literal
  set(literal "")
  string(LENGTH "${code}" length)
  set(at 0)
  while(at LESS length)
    string(SUBSTRING "${code}" ${at} 8000 piece)
    string(APPEND literal "\nR\"WGSL(${piece})WGSL\"")
    math(EXPR at "${at} + 8000")
  endwhile()
  string(APPEND text "inline constexpr std::string_view ${name} =${literal};\n\n")
endforeach()
file(WRITE ${OUTPUT} "${text}}  // namespace rheobase::shaders\n")
