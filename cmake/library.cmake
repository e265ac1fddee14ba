# The library for other programs: src/library/shadenet.h, and one archive of all that it needs of ours, with a package
# for CMake that names what it needs of others.
shadenet_folder(library shadenet_cli)
shadenet_waits(library)

# Where archives cannot be joined, as on macOS, there is the program alone.
if(NOT UNIX OR APPLE)
  return()
endif()

# ours(TARGET list): the libraries of ours that a target needs, itself first.
function(shadenet_ours target list)
  if(target IN_LIST ${list})
    return()
  endif()
  get_target_property(type ${target} TYPE)
  if(type STREQUAL STATIC_LIBRARY)
    list(APPEND ${list} ${target})
  endif()
  foreach(property LINK_LIBRARIES INTERFACE_LINK_LIBRARIES)
    get_target_property(needs ${target} ${property})
    foreach(need IN LISTS needs)
      if(need MATCHES "^shadenet_" AND TARGET ${need})
        shadenet_ours(${need} ${list})
      endif()
    endforeach()
  endforeach()
  set(${list} ${${list}} PARENT_SCOPE)
endfunction()

set(libraries "")
shadenet_ours(shadenet_library libraries)
set(archive ${CMAKE_CURRENT_BINARY_DIR}/libshadenet.a)
set(script "CREATE ${archive}\n")
foreach(library IN LISTS libraries)
  string(APPEND script "ADDLIB $<TARGET_FILE:${library}>\n")
endforeach()
file(GENERATE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/libshadenet.mri CONTENT "${script}SAVE\nEND\n")
add_custom_command(
  OUTPUT ${archive}
  COMMAND ${CMAKE_COMMAND} -E rm -f ${archive}
  COMMAND ${CMAKE_AR} -M < ${CMAKE_CURRENT_BINARY_DIR}/libshadenet.mri
  DEPENDS ${libraries} ${CMAKE_CURRENT_BINARY_DIR}/libshadenet.mri
  COMMENT "The library libshadenet.a"
  VERBATIM)
add_custom_target(shadenet_archive ALL DEPENDS ${archive})

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/shadenet)
configure_package_config_file(cmake/shadenetConfig.cmake.in ${CMAKE_CURRENT_BINARY_DIR}/shadenetConfig.cmake
  INSTALL_DESTINATION ${package_folder} PATH_VARS CMAKE_INSTALL_LIBDIR CMAKE_INSTALL_INCLUDEDIR)
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/shadenetConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${archive} DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(FILES src/library/shadenet.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/shadenetConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/shadenetConfigVersion.cmake
  DESTINATION ${package_folder})
