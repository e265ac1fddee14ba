# embed_files(TARGET NAMESPACE name FILES a b ...)
#
# Makes a static library TARGET that carries the files' bytes inside the binary, and a header
# "embedded/<name>.h":
#
#   namespace shadenet::embedded { std::span<const File> <name>(); }   // File {std::string_view name, bytes}
#
# `name` is the file's name without its last extension. The bytes are written as C++ string literals by
# cmake/embed_file.cmake when a file changes, so nothing is needed at run time and no assembler is involved.
function(embed_files target)
  cmake_parse_arguments(ARG "" "NAMESPACE" "FILES" ${ARGN})
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/embedded_${target})
  set(header ${folder}/embedded/${ARG_NAMESPACE}.h)
  set(index ${folder}/${ARG_NAMESPACE}.cpp)
  set(sources ${index})
  set(declarations "")
  set(entries "")
  foreach(file IN LISTS ARG_FILES)
    cmake_path(GET file STEM LAST_ONLY stem)
    string(MAKE_C_IDENTIFIER ${ARG_NAMESPACE}_${stem} symbol)
    set(source ${folder}/${symbol}.cpp)
    add_custom_command(
      OUTPUT ${source}
      COMMAND ${CMAKE_COMMAND} -DINPUT=${file} -DOUTPUT=${source} -DSYMBOL=${symbol}
              -P ${PROJECT_SOURCE_DIR}/cmake/embed_file.cmake
      DEPENDS ${file} ${PROJECT_SOURCE_DIR}/cmake/embed_file.cmake
      COMMENT "Embedding ${stem}"
      VERBATIM)
    list(APPEND sources ${source})
    string(APPEND declarations "extern const unsigned char ${symbol}[];\nextern const std::size_t ${symbol}_size;\n")
    string(APPEND entries "        {\"${stem}\", std::as_bytes(std::span(${symbol}, ${symbol}_size))},\n")
  endforeach()
  file(CONFIGURE OUTPUT ${folder}/embedded/file.h CONTENT
"#pragma once
#include <cstddef>
#include <span>
#include <string_view>
namespace shadenet::embedded {
struct File {
    std::string_view name;
    std::span<const std::byte> bytes;
};
}  // namespace shadenet::embedded
" @ONLY)
  file(CONFIGURE OUTPUT ${header} CONTENT
"#pragma once
#include \"embedded/file.h\"
namespace shadenet::embedded {
std::span<const File> ${ARG_NAMESPACE}();
}
" @ONLY)
  file(CONFIGURE OUTPUT ${index} CONTENT
"#include \"embedded/${ARG_NAMESPACE}.h\"
#include <vector>
${declarations}
namespace shadenet::embedded {
std::span<const File> ${ARG_NAMESPACE}() {
    static const std::vector<File> files = {
${entries}    };
    return files;
}
}  // namespace shadenet::embedded
" @ONLY)
  add_library(${target} STATIC ${sources})
  target_include_directories(${target} PUBLIC ${folder})
endfunction()
