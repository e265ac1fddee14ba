# How the work of compiling is kept small.

# Recompiling what was compiled before costs nothing with ccache.
if(CCACHE AND NOT EXISTS "${CCACHE}")  # it was removed since
  unset(CCACHE CACHE)
endif()
find_program(CCACHE ccache)
mark_as_advanced(CCACHE)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

# With CMAKE_UNITY_BUILD (see the presets) a folder is one unit, which parses every header once. Names in anonymous
# namespaces must therefore differ within a folder.
set(CMAKE_UNITY_BUILD_BATCH_SIZE 0)

# shadenet_precompile(TARGET FIRST header...)
#
# Without units: parses the headers once, for the target FIRST and all that have the same flags.
function(shadenet_precompile target first)
  if(CMAKE_UNITY_BUILD)
    return()
  endif()
  if(target STREQUAL first)
    target_precompile_headers(${target} PRIVATE ${ARGN})
  else()
    target_precompile_headers(${target} REUSE_FROM ${first})
  endif()
endfunction()

# shadenet_waits(folder...)
#
# For folders whose code waits for people, files and the device: -O1 compiles in two thirds of -O3's time.
function(shadenet_waits)
  foreach(folder IN LISTS ARGN)
    target_compile_options(shadenet_${folder} PRIVATE $<$<CONFIG:Release>:-O1>)
  endforeach()
endfunction()
