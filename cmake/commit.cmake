# SHADENET_COMMIT: what git calls the sources as they are configured, "unknown" without git. A new commit configures
# again. Only src/cli/version.cpp is compiled anew for it.
find_package(Git QUIET)
set(SHADENET_COMMIT unknown)
if(GIT_FOUND)
  execute_process(
    COMMAND ${GIT_EXECUTABLE} -C ${PROJECT_SOURCE_DIR} describe --always --tags --dirty
    OUTPUT_VARIABLE described OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
  execute_process(
    COMMAND ${GIT_EXECUTABLE} -C ${PROJECT_SOURCE_DIR} rev-parse --path-format=absolute --git-path logs/HEAD
      --show-toplevel
    OUTPUT_VARIABLE places OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  string(REPLACE "\n" ";" places "${places}")
  list(LENGTH places found)
  # Sources unpacked in a folder of some other repository have not that one's commit.
  if(NOT failed AND found EQUAL 2)
    list(GET places 0 log)
    list(GET places 1 top)
    if(top STREQUAL PROJECT_SOURCE_DIR)
      set(SHADENET_COMMIT ${described})
      if(EXISTS ${log})
        set_property(DIRECTORY ${PROJECT_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${log})
      endif()
    endif()
  endif()
endif()
set_source_files_properties(src/cli/version.cpp PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON
  COMPILE_DEFINITIONS SHADENET_COMMIT="${SHADENET_COMMIT}")
