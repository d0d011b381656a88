# SPDX-License-Identifier: Apache-2.0
# The models that come with Rheobase are text files, embedded in the library: those of neurons, and those of synapses that learn.
function(embed_models folder ending header array)
  file(GLOB texts CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.${ending})
  list(SORT texts)
  set(output ${PROJECT_BINARY_DIR}/generated/definition/${header})
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DARRAY=${array} "-DMODELS=${texts}"
      -P ${PROJECT_SOURCE_DIR}/cmake/embed_models.cmake
    DEPENDS ${texts} ${PROJECT_SOURCE_DIR}/cmake/embed_models.cmake VERBATIM)
  set(RHEOBASE_SOURCES ${RHEOBASE_SOURCES} ${output} PARENT_SCOPE)
endfunction()
embed_models(models model built_in_models.h kBuiltInModels)
embed_models(synapses synapse built_in_synapses.h kBuiltInSynapses)
