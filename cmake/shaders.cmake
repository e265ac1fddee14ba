# Compiles every shaders/*.comp, *.vert and *.frag to SPIR-V and embeds the result as the library
# `shadenet_shaders`: kernels by their name alone, the others as <name>_vert and <name>_frag.
# A new shader needs no line here. Headers are all in shaders/include; any change there recompiles all.
file(GLOB shader_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/shaders/*.comp
  ${PROJECT_SOURCE_DIR}/shaders/*.vert ${PROJECT_SOURCE_DIR}/shaders/*.frag)
file(GLOB shader_headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/shaders/include/*)
set(shader_binaries "")
file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/shaders)
foreach(source IN LISTS shader_sources)
  cmake_path(GET source FILENAME name)
  string(REPLACE ".comp" "" name ${name})
  string(REPLACE "." "_" name ${name})
  set(binary ${PROJECT_BINARY_DIR}/shaders/${name}.spv)
  add_custom_command(
    OUTPUT ${binary}
    COMMAND ${GLSLANG} --quiet -V --target-env vulkan1.1 -I${PROJECT_SOURCE_DIR}/shaders/include -o ${binary} ${source}
    DEPENDS ${source} ${shader_headers}
    COMMENT "Shader ${name}"
    VERBATIM)
  list(APPEND shader_binaries ${binary})
endforeach()
embed_files(shadenet_shaders NAMESPACE shaders FILES ${shader_binaries})
