# SPDX-License-Identifier: Apache-2.0
# cmake --install: library, headers, program, and a package that find_package(rheobase) finds.
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/rheobase)

install(TARGETS rheobase EXPORT rheobaseTargets FILE_SET HEADERS)
install(TARGETS rheobase_cli COMPONENT program)
install(CODE "file(CREATE_LINK rheobase \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}/rheobase-feagi\" SYMBOLIC)"
  COMPONENT program)
install(EXPORT rheobaseTargets NAMESPACE rheobase:: DESTINATION ${package_dir})
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/rheobaseConfig.cmake.in
  ${CMAKE_CURRENT_BINARY_DIR}/rheobaseConfig.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/rheobaseConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/rheobaseConfig.cmake
  ${CMAKE_CURRENT_BINARY_DIR}/rheobaseConfigVersion.cmake DESTINATION ${package_dir})
if(RHEOBASE_WGPU)
  install(FILES ${WGPU_LIBRARY} DESTINATION ${CMAKE_INSTALL_LIBDIR}/rheobase COMPONENT program)
endif()
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/THIRD_PARTY.md
  DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT program)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/LICENSES DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT program)
