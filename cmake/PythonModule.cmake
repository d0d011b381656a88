# SPDX-License-Identifier: Apache-2.0
# The Python package: the compiled module rheobase._core, a type file for it, and the files that are written in Python, so that
# build/<preset>/python is a place to import from. \see pyproject.toml for wheels.
if(SKBUILD_SABI_VERSION)
  set(stable Development.SABIModule)  # a wheel for all later Pythons; CMake knows it from 3.26 on (pyproject.toml)
endif()
find_package(Python 3.10 REQUIRED COMPONENTS Interpreter Development.Module ${stable})
execute_process(COMMAND ${Python_EXECUTABLE} -m nanobind --cmake_dir
  OUTPUT_STRIP_TRAILING_WHITESPACE OUTPUT_VARIABLE nanobind_ROOT COMMAND_ERROR_IS_FATAL ANY)
find_package(nanobind 3.1 CONFIG REQUIRED)

file(GLOB RHEOBASE_BINDINGS CONFIGURE_DEPENDS python/bindings/*.cpp)
nanobind_add_module(rheobase_python STABLE_ABI NB_STATIC ${RHEOBASE_BINDINGS})
set(package ${PROJECT_BINARY_DIR}/python/rheobase)
set_target_properties(rheobase_python PROPERTIES OUTPUT_NAME _core LIBRARY_OUTPUT_DIRECTORY ${package})
target_compile_options(rheobase_python PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra>)
target_link_libraries(rheobase_python PRIVATE rheobase)
nanobind_add_stub(rheobase_stub MODULE _core OUTPUT ${package}/_core.pyi PYTHON_PATH ${package}/..;${package}
  DEPENDS rheobase_python)

file(GLOB_RECURSE RHEOBASE_PYTHON_FILES CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}/python
  python/rheobase/*.py python/rheobase/py.typed)
set(copies)
foreach(file ${RHEOBASE_PYTHON_FILES})
  set(copy ${PROJECT_BINARY_DIR}/python/${file})
  add_custom_command(OUTPUT ${copy} DEPENDS ${PROJECT_SOURCE_DIR}/python/${file}
    COMMAND ${CMAKE_COMMAND} -E copy ${PROJECT_SOURCE_DIR}/python/${file} ${copy})
  list(APPEND copies ${copy})
endforeach()
add_custom_target(rheobase_package ALL DEPENDS ${copies} rheobase_stub)
if(RHEOBASE_WGPU)
  file(COPY ${WGPU_LIBRARY} DESTINATION ${package})  # beside the module, where it is looked for
endif()

# for wheels: scikit-build-core puts python/rheobase beside it
install(TARGETS rheobase_python LIBRARY DESTINATION rheobase COMPONENT python)
install(FILES ${package}/_core.pyi DESTINATION rheobase COMPONENT python)
install(PROGRAMS $<TARGET_FILE:rheobase_cli> DESTINATION rheobase/bin COMPONENT python)
if(RHEOBASE_WGPU)
  install(FILES ${WGPU_LIBRARY} DESTINATION rheobase COMPONENT python)
endif()
