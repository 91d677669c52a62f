# Finds the libraries that kenzan is built from, each under one name kenzan::<what>, and decides whether linking statically works.
# Debian packages: scripts/install-deps. What is missing is told at once, at the end: who runs `pip install` sees only that.
set(KENZAN_MISSING "")

set(KENZAN_LINK_STATIC OFF)
if(KENZAN_STATIC)
  include(CheckCXXSourceCompiles)
  set(CMAKE_REQUIRED_LINK_OPTIONS -static)
  check_cxx_source_compiles("#include <string>\nint main() { return static_cast<int>(std::string().size()); }" KENZAN_CAN_LINK_STATIC)
  unset(CMAKE_REQUIRED_LINK_OPTIONS)
  set(KENZAN_LINK_STATIC ${KENZAN_CAN_LINK_STATIC})
  if(NOT KENZAN_LINK_STATIC)
    message(WARNING "this system cannot link statically; kenzan will need its shared libraries at run time")
  endif()
endif()

# A library with a CMake package: kenzan_find_package(Boost 1.81).
macro(kenzan_find_package name)
  find_package(${name} ${ARGN} QUIET)
  if(NOT ${name}_FOUND)
    string(JOIN " " wanted ${name} ${ARGN})
    list(APPEND KENZAN_MISSING "${wanted}")
  endif()
endmacro()

# A library without a CMake package of its own: header and library file.
function(kenzan_find_library name header)
  if(KENZAN_LINK_STATIC)
    set(CMAKE_FIND_LIBRARY_SUFFIXES .a)
  endif()
  find_path(${name}_INCLUDE_DIR ${header})
  find_library(${name}_LIBRARY ${name})
  if(NOT ${name}_INCLUDE_DIR OR NOT ${name}_LIBRARY)
    set(KENZAN_MISSING ${KENZAN_MISSING} ${name} PARENT_SCOPE)
    return()
  endif()
  add_library(kenzan::${name} UNKNOWN IMPORTED GLOBAL)
  set_target_properties(kenzan::${name} PROPERTIES IMPORTED_LOCATION ${${name}_LIBRARY} INTERFACE_INCLUDE_DIRECTORIES
                                                                                       ${${name}_INCLUDE_DIR})
endfunction()

# A library of headers only, without a CMake package of its own.
function(kenzan_find_headers name header)
  find_path(${name}_INCLUDE_DIR ${header})
  if(NOT ${name}_INCLUDE_DIR)
    set(KENZAN_MISSING ${KENZAN_MISSING} ${name} PARENT_SCOPE)
    return()
  endif()
  add_library(kenzan_${name}_headers INTERFACE)
  target_include_directories(kenzan_${name}_headers SYSTEM INTERFACE ${${name}_INCLUDE_DIR})
  add_library(kenzan::${name} ALIAS kenzan_${name}_headers)
endfunction()

# A package's target under our name.
function(kenzan_name name target)
  add_library(kenzan_${name}_dependency INTERFACE)
  target_link_libraries(kenzan_${name}_dependency INTERFACE ${target})
  add_library(kenzan::${name} ALIAS kenzan_${name}_dependency)
endfunction()

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
kenzan_name(threads Threads::Threads)

if(POLICY CMP0167)
  cmake_policy(SET CMP0167 NEW)  # Boost's own package: newer CMake warns that its search for Boost is gone
endif()
# 1.74 compiles the grammar 20 times slower and asserts on Japanese; see docs/adr.
kenzan_find_package(Boost 1.81)
kenzan_name(boost Boost::headers)

kenzan_find_package(range-v3)
kenzan_name(ranges range-v3::range-v3)

kenzan_find_package(tl-expected)
kenzan_name(expected tl::expected)

kenzan_find_package(nlohmann_json)
kenzan_name(json nlohmann_json::nlohmann_json)

kenzan_find_package(CLI11)
kenzan_name(cli11 CLI11::CLI11)

# Debian has no static libfmt.
kenzan_find_package(fmt)
if(KENZAN_LINK_STATIC)
  kenzan_name(fmt fmt::fmt-header-only)
else()
  kenzan_name(fmt fmt::fmt)
endif()

kenzan_find_library(utf8proc utf8proc.h)
kenzan_find_library(z zlib.h)
kenzan_find_library(zstd zstd.h)
kenzan_find_library(sodium sodium.h)
kenzan_find_headers(toml toml++/toml.h)
kenzan_find_library(re2 re2/re2.h)

if(KENZAN_MISSING)
  list(JOIN KENZAN_MISSING ", " missing)
  execute_process(COMMAND ${PROJECT_SOURCE_DIR}/scripts/install-deps --list build OUTPUT_VARIABLE packages)
  string(STRIP "${packages}" packages)
  string(REPLACE "\n" " " packages "${packages}")
  message(FATAL_ERROR "kenzan is built from libraries that this machine lacks: ${missing}\n"
                      "On Debian 12 install them, as root, and try again:\n  apt-get install ${packages}\n"
                      "Elsewhere install what these packages hold.")
endif()
target_link_libraries(kenzan::re2 INTERFACE kenzan::threads)
