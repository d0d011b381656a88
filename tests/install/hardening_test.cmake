# SPDX-License-Identifier: Apache-2.0
# Looks for the guards in the program: random addresses, tables bound at start and read-only after it, checked stacks.
execute_process(COMMAND ${READELF} -hldW --dyn-syms ${PROGRAM} OUTPUT_VARIABLE elf COMMAND_ERROR_IS_FATAL ANY)
foreach(guard "Type: +DYN" "GNU_RELRO" "FLAGS.* NOW" "__stack_chk_fail" "__[a-z]+_chk@")
  if(NOT elf MATCHES "${guard}")
    message(FATAL_ERROR "${PROGRAM} lacks '${guard}' (cmake/Hardening.cmake)")
  endif()
endforeach()
