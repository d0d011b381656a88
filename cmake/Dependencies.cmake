# SPDX-License-Identifier: Apache-2.0
# The one place where a dependency is found: on the system, within a range of versions that is known to work, or, for
# the small ones, fetched from the archives that Debian keeps of their releases.
option(RHEOBASE_FETCH_DEPS "Fetch nlohmann/json, CLI11, fmt, xxHash and zstd instead of finding them on the system" OFF)

find_package(Threads REQUIRED)
if(RHEOBASE_CAIRO)
  find_package(PkgConfig REQUIRED)
  pkg_check_modules(CAIRO REQUIRED IMPORTED_TARGET cairo>=1.16 cairo<2)  # raster.png, inside cli only
endif()
if(RHEOBASE_HDF5)
  find_package(HDF5 1.10 REQUIRED COMPONENTS C)  # SONATA, inside io only
  if(NOT TARGET HDF5::HDF5)
    add_library(HDF5::HDF5 INTERFACE IMPORTED)
    target_link_libraries(HDF5::HDF5 INTERFACE ${HDF5_C_LIBRARIES})
    target_include_directories(HDF5::HDF5 INTERFACE ${HDF5_C_INCLUDE_DIRS})
  endif()
endif()

# `rheobase serve`: HTTP and WebSocket by Boost.Beast, which alone has both as headers; FEAGI's sockets by
# ZeroMQ. Where they are missing the program is built without it.
set(RHEOBASE_SERVER_FOUND OFF)
if(RHEOBASE_SERVER)
  find_path(BOOST_INCLUDE_DIR boost/beast.hpp)
  find_path(ZEROMQ_INCLUDE_DIR zmq.h)
  find_library(ZEROMQ_LIBRARY zmq)
  if(BOOST_INCLUDE_DIR AND ZEROMQ_INCLUDE_DIR AND ZEROMQ_LIBRARY)
    set(RHEOBASE_SERVER_FOUND ON)
    add_library(zeromq::zeromq INTERFACE IMPORTED)
    target_include_directories(zeromq::zeromq INTERFACE ${ZEROMQ_INCLUDE_DIR})
    target_link_libraries(zeromq::zeromq INTERFACE ${ZEROMQ_LIBRARY})
  else()
    message(STATUS "rheobase serve is left out: libboost-dev (1.74) or libzmq3-dev (4.3) is missing")
  endif()
endif()

# the packages' own version files do not all understand ranges
function(require_below package version)
  if(${package}_VERSION VERSION_GREATER_EQUAL ${version})
    message(FATAL_ERROR "${package} ${${package}_VERSION} is not known to work (below ${version} is). Install an older one.")
  endif()
endfunction()
if(RHEOBASE_HDF5)
  require_below(HDF5 3)
endif()

if(RHEOBASE_FETCH_DEPS)
  include(FetchContent)
  set(pool https://deb.debian.org/debian/pool/main)
  set(snapshot https://snapshot.debian.org/archive/debian/20250520T000000Z/pool/main)  # keeps them for good
  # name, archive, SHA-256, folder of the headers in it, target
  function(fetch_headers name archive hash folder target)
    FetchContent_Declare(${name} URL ${pool}/${archive} ${snapshot}/${archive} URL_HASH SHA256=${hash} SOURCE_SUBDIR none
      DOWNLOAD_EXTRACT_TIMESTAMP OFF)
    FetchContent_MakeAvailable(${name})
    add_library(${target} INTERFACE IMPORTED GLOBAL)
    target_include_directories(${target} INTERFACE ${${name}_SOURCE_DIR}/${folder})
  endfunction()
  fetch_headers(json n/nlohmann-json3/nlohmann-json3_3.11.2.orig.tar.gz
    d69f9deb6a75e2580465c6c4c5111b89c4dc2fa94e3a85fcd2ffcd9a143d9273 include nlohmann_json::nlohmann_json)
  fetch_headers(cli11 c/cli11/cli11_2.1.2+ds.orig.tar.xz
    8143d20b688e98ccce8e24562d3b68e5f47c12e896c42c7ca8553dbde5bed55d include CLI11::CLI11)
  fetch_headers(fmt f/fmtlib/fmtlib_9.1.0+ds1.orig.tar.gz
    84ce1c2d0be3a9863935137969dcec6970125caac032f82474640bfc81463583 include fmt::fmt-header-only)
  target_compile_definitions(fmt::fmt-header-only INTERFACE FMT_HEADER_ONLY=1)
  fetch_headers(xxhash x/xxhash/xxhash_0.8.1.orig.tar.gz
    3bb6b7d6f30c591dd65aaaff1c8b7a5b94d81687998ca9400082c739a690436c . xxHash::xxhash)
  # its header is all of it then; what GCC 12 says of it where it is inlined is false
  target_compile_definitions(xxHash::xxhash INTERFACE XXH_INLINE_ALL)
  target_compile_options(xxHash::xxhash INTERFACE
    $<$<CXX_COMPILER_ID:GNU>:-Wno-array-bounds -Wno-stringop-overflow>)
  FetchContent_Declare(zstd URL ${pool}/libz/libzstd/libzstd_1.5.4+dfsg2.orig.tar.xz
    ${snapshot}/libz/libzstd/libzstd_1.5.4+dfsg2.orig.tar.xz
    URL_HASH SHA256=8cf4bbb65e77ec348d052c8d6230eba66d435bddf64c8b5be2fcb16880c19953 SOURCE_SUBDIR none
    DOWNLOAD_EXTRACT_TIMESTAMP OFF)
  FetchContent_MakeAvailable(zstd)
  file(GLOB zstd_sources ${zstd_SOURCE_DIR}/lib/common/*.c ${zstd_SOURCE_DIR}/lib/compress/*.c
    ${zstd_SOURCE_DIR}/lib/decompress/*.c)
  add_library(zstd_objects OBJECT ${zstd_sources})  # become part of the library
  target_compile_definitions(zstd_objects PRIVATE ZSTD_DISABLE_ASM=1)
  set_target_properties(zstd_objects PROPERTIES POSITION_INDEPENDENT_CODE ON C_VISIBILITY_PRESET hidden)
  add_library(zstd::libzstd INTERFACE IMPORTED)
  target_include_directories(zstd::libzstd INTERFACE ${zstd_SOURCE_DIR}/lib)
else()
  find_package(nlohmann_json 3.10 REQUIRED)        # JSON, inside io and cli only
  find_package(CLI11 2.1 REQUIRED)                 # arguments, inside cli only
  find_package(fmt 9 REQUIRED)                     # numbers as text, whatever the locale says
  require_below(nlohmann_json 4)
  require_below(CLI11 3)
  find_path(XXHASH_INCLUDE_DIR xxhash.h REQUIRED)  # xxHash64 of signatures and networks
  find_library(XXHASH_LIBRARY xxhash REQUIRED)
  add_library(xxHash::xxhash INTERFACE IMPORTED)
  target_include_directories(xxHash::xxhash INTERFACE ${XXHASH_INCLUDE_DIR})
  target_link_libraries(xxHash::xxhash INTERFACE ${XXHASH_LIBRARY})
  find_path(ZSTD_INCLUDE_DIR zstd.h REQUIRED)      # checkpoints, inside io only
  find_library(ZSTD_LIBRARY zstd REQUIRED)
  add_library(zstd::libzstd INTERFACE IMPORTED)
  target_include_directories(zstd::libzstd INTERFACE ${ZSTD_INCLUDE_DIR})
  target_link_libraries(zstd::libzstd INTERFACE ${ZSTD_LIBRARY})
endif()
