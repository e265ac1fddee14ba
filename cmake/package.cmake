# cpack -G DEB --config build/release/CPackConfig.cmake: a package for the Debian that it is made on, which names the
# libraries that it found there.
set(CPACK_PACKAGE_NAME shadenet)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "The developers of shadenet <shadenet@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "learns image filters from pictures before and after them")
set(CPACK_PACKAGE_DESCRIPTION "Trains small convolutional networks on any GPU with Vulkan, or on the CPU by Mesa's\
 software driver, and applies them to pictures and folders of pictures. With a window that shows training, and a\
 library for C++.")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR})
set(CPACK_GENERATOR DEB)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION graphics)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS libvulkan1)  # which the program looks for as it runs
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS mesa-vulkan-drivers)
include(CPack)
