# SPDX-License-Identifier: Apache-2.0
# The installed program, called in every way, in a folder full of planted libraries: it answers the same each time and runs none.
set(work ${BUILD}/install_place)
file(REMOVE_RECURSE ${work})
execute_process(COMMAND ${CMAKE_COMMAND} --install ${BUILD} --prefix ${work}/prefix OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
file(MAKE_DIRECTORY ${work}/links ${work}/trap/here)
set(program ${work}/prefix/bin/rheobase)
file(CREATE_LINK ${program} ${work}/links/rheobase SYMBOLIC)
file(CREATE_LINK ../links/rheobase ${work}/links/other-name SYMBOLIC)
foreach(name libwgpu_native.so libvulkan.so.1)
  foreach(place here here/rheobase here/lib here/lib/rheobase lib/rheobase .)
    file(MAKE_DIRECTORY ${work}/trap/${place})
    file(COPY_FILE ${PLANTED} ${work}/trap/${place}/${name})
  endforeach()
endforeach()

# answers(WAY COMMAND): what the program says of this machine
function(answers way)
  set(all "")
  foreach(command devices doctor)
    execute_process(COMMAND bash -c "${ARGN} ${command}" WORKING_DIRECTORY ${work}/trap/here OUTPUT_VARIABLE output
      ERROR_VARIABLE output)
    string(APPEND all "${output}")
  endforeach()
  if(all MATCHES "planted library")
    message(FATAL_ERROR "called ${way}, the program runs a library of the present folder:\n${all}")
  endif()
  if(NOT all MATCHES "reference")
    message(FATAL_ERROR "called ${way}, the program says:\n${all}")
  endif()
  set(answer "${all}" PARENT_SCOPE)
endfunction()

answers("by its path" ${program})
set(wanted "${answer}")
foreach(way
    "PATH=${work}/prefix/bin:$PATH rheobase"
    "PATH=${work}/links:$PATH rheobase"
    "${work}/links/rheobase"
    "../../links/other-name"
    "../../prefix/bin/rheobase")
  answers("as ${way}" "${way}")
  if(NOT answer STREQUAL wanted)
    message(FATAL_ERROR "called as ${way}, the program says\n${answer}\ninstead of\n${wanted}")
  endif()
endforeach()
# a first word that names no file, or another one
foreach(word rheobase ./rheobase here/rheobase /bin/sh "")
  answers("as '${word}'" "exec -a '${word}' ${program}")
  if(NOT answer STREQUAL wanted)
    message(FATAL_ERROR "called as '${word}', the program says\n${answer}\ninstead of\n${wanted}")
  endif()
endforeach()
