# SPDX-License-Identifier: Apache-2.0
# Runs the example on the shared library, and looks at every symbol of Rheobase that the library shows.
execute_process(COMMAND ${PROGRAM} OUTPUT_VARIABLE output RESULT_VARIABLE result)
if(NOT result EQUAL 0 OR NOT output MATCHES "burst 3: neuron 2")
  message(FATAL_ERROR "examples/embed printed:\n${output}")
endif()
execute_process(COMMAND ${NM} -DC --defined-only ${LIBRARY} OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
# a symbol of its own, not one of std made for a type of ours
set(own "[0-9a-f]+ [A-Za-z] (typeinfo for |vtable for )?rheobase::")
string(REGEX MATCHALL "${own}[a-z_]+::[^\n]*" nested "${symbols}")
list(FILTER nested EXCLUDE REGEX "rheobase::(kernels|encode|decode)::")  # public
string(REGEX MATCHALL "${own}(NetworkData|Backend|RuleImplementation)::[^\n]*" inner "${symbols}")
if(nested OR inner)
  message(FATAL_ERROR "shown, but internal: ${nested}${inner}")
endif()
if(NOT symbols MATCHES "rheobase::Engine::run")
  message(FATAL_ERROR "rheobase::Engine::run is not shown")
endif()
