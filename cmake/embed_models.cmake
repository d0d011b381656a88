# SPDX-License-Identifier: Apache-2.0
# Writes OUTPUT, a header with the array ARRAY: the name and text of every file in MODELS, in their order.
set(rows "")
set(count 0)
foreach(model ${MODELS})
  get_filename_component(name ${model} NAME_WE)
  file(READ ${model} text)
  # a bracket argument and ';' survive `string`, not a list: the text goes straight into the file
  string(APPEND rows "    {\"${name}\", R\"MODEL(${text})MODEL\"},\n")
  math(EXPR count "${count} + 1")
endforeach()
file(WRITE ${OUTPUT} "// Generated from texts.\n#pragma once\n\n#include <array>\n#include <string_view>\n#include <utility>\n\nnamespace rheobase::language {\n\ninline constexpr std::array<std::pair<std::string_view, std::string_view>, ${count}> ${ARRAY}{{\n${rows}}};\n\n}  // namespace rheobase::language\n")
