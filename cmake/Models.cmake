# SPDX-License-Identifier: Apache-2.0
# The models that come with Rheobase are text files, embedded in the library.
file(GLOB RHEOBASE_MODELS CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/models/*.model)
list(SORT RHEOBASE_MODELS)
set(model_header ${PROJECT_BINARY_DIR}/generated/definition/built_in_models.h)
add_custom_command(OUTPUT ${model_header}
  COMMAND ${CMAKE_COMMAND} -DOUTPUT=${model_header} "-DMODELS=${RHEOBASE_MODELS}"
    -P ${PROJECT_SOURCE_DIR}/cmake/embed_models.cmake
  DEPENDS ${RHEOBASE_MODELS} ${PROJECT_SOURCE_DIR}/cmake/embed_models.cmake VERBATIM)
list(APPEND RHEOBASE_SOURCES ${model_header})
