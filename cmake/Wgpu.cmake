# SPDX-License-Identifier: Apache-2.0
# The WebGPU backend: headers and library are fetched (pinned, checked by hash); the library is opened at run time.
option(RHEOBASE_WGPU "Build the WebGPU backend" ON)
if(NOT RHEOBASE_WGPU)
  list(FILTER RHEOBASE_SOURCES EXCLUDE REGEX "/backends/wgpu/")
  return()
endif()

set(WGPU_DIR ${PROJECT_SOURCE_DIR}/build/wgpu CACHE PATH "Folder with libwgpu_native and include/webgpu")
find_package(Python3 REQUIRED COMPONENTS Interpreter)
if(WGPU_DIR STREQUAL "${PROJECT_SOURCE_DIR}/build/wgpu")
  execute_process(COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tools/fetch_wgpu.py ${WGPU_DIR}
    RESULT_VARIABLE fetched ERROR_VARIABLE trouble)
  if(NOT fetched EQUAL 0)
    message(FATAL_ERROR "${trouble}")
  endif()
endif()
set(WGPU_LIBRARY ${WGPU_DIR}/${CMAKE_SHARED_LIBRARY_PREFIX}wgpu_native${CMAKE_SHARED_LIBRARY_SUFFIX})

# What host and device share is written once, in C++, and printed as WGSL.
set(printed_shaders "")
foreach(header src/model/neuron_class.h src/model/neuron_step.h src/model/ratio.h src/model/elementary.h
        src/model/functions.h src/backends/wgpu/layout.h)
  get_filename_component(name ${header} NAME_WE)
  set(printed ${PROJECT_BINARY_DIR}/generated/shaders/${name}.wgsl)
  add_custom_command(OUTPUT ${printed}
    COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/cmake/print_wgsl.py ${PROJECT_SOURCE_DIR}/${header} ${printed}
    DEPENDS ${PROJECT_SOURCE_DIR}/${header} ${PROJECT_SOURCE_DIR}/cmake/print_wgsl.py VERBATIM)
  list(APPEND printed_shaders ${printed})
endforeach()

# The shaders, embedded: one constant for each .wgsl file.
file(GLOB RHEOBASE_SHADERS CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/backends/wgpu/shaders/*.wgsl)
list(APPEND RHEOBASE_SHADERS ${printed_shaders})
set(shader_header ${PROJECT_BINARY_DIR}/generated/backends/wgpu/shaders.h)
add_custom_command(OUTPUT ${shader_header}
  COMMAND ${CMAKE_COMMAND} -DOUTPUT=${shader_header} "-DSHADERS=${RHEOBASE_SHADERS}"
    -P ${PROJECT_SOURCE_DIR}/cmake/embed_shaders.cmake
  DEPENDS ${RHEOBASE_SHADERS} ${PROJECT_SOURCE_DIR}/cmake/embed_shaders.cmake VERBATIM)
list(APPEND RHEOBASE_SOURCES ${shader_header})
