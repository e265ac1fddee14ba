# What `cmake --install` brings beside the programs and the library.
include(GNUInstallDirs)
install(FILES README.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs)
install(DIRECTORY examples DESTINATION ${CMAKE_INSTALL_DOCDIR})
# The kind of file that a model is, for desktops, and the window in their menus.
install(FILES packaging/shadenet.xml DESTINATION ${CMAKE_INSTALL_DATADIR}/mime/packages)
if(SHADENET_VIEWER)
  install(FILES packaging/shadenet-viewer.desktop DESTINATION ${CMAKE_INSTALL_DATADIR}/applications)
  install(FILES packaging/shadenet.svg DESTINATION ${CMAKE_INSTALL_DATADIR}/icons/hicolor/scalable/apps)
endif()
