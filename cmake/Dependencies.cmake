# SPDX-License-Identifier: Apache-2.0
# The one place where a dependency is found.
find_package(Threads REQUIRED)
find_package(nlohmann_json 3.10 REQUIRED)   # JSON, inside io and cli only
find_package(CLI11 2.1 REQUIRED)            # arguments, inside cli only
find_package(PkgConfig REQUIRED)
pkg_check_modules(CAIRO REQUIRED IMPORTED_TARGET cairo>=1.16)  # raster.png, inside cli only
find_package(HDF5 1.10 REQUIRED COMPONENTS C)  # SONATA, inside io only
if(NOT TARGET HDF5::HDF5)
  add_library(HDF5::HDF5 INTERFACE IMPORTED)
  target_link_libraries(HDF5::HDF5 INTERFACE ${HDF5_C_LIBRARIES})
  target_include_directories(HDF5::HDF5 INTERFACE ${HDF5_C_INCLUDE_DIRS})
endif()
find_path(XXHASH_INCLUDE_DIR xxhash.h REQUIRED)   # xxHash64 of signatures and networks
find_library(XXHASH_LIBRARY xxhash REQUIRED)
add_library(xxHash::xxhash INTERFACE IMPORTED)
target_include_directories(xxHash::xxhash INTERFACE ${XXHASH_INCLUDE_DIR})
target_link_libraries(xxHash::xxhash INTERFACE ${XXHASH_LIBRARY})
