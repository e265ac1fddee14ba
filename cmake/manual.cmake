# The man page and the completions of shells, which the program makes of its flags.
include(GNUInstallDirs)
set(manual ${CMAKE_CURRENT_BINARY_DIR}/manual)
file(MAKE_DIRECTORY ${manual})
set(manual_files "")
foreach(pair man=shadenet.1 bash=shadenet zsh=_shadenet fish=shadenet.fish)
  string(REGEX MATCH "(.*)=(.*)" pair ${pair})
  add_custom_command(
    OUTPUT ${manual}/${CMAKE_MATCH_2}
    COMMAND shadenet manual ${CMAKE_MATCH_1} > ${manual}/${CMAKE_MATCH_2}
    DEPENDS shadenet
    COMMENT "Manual: ${CMAKE_MATCH_2}"
    VERBATIM)
  list(APPEND manual_files ${manual}/${CMAKE_MATCH_2})
endforeach()
add_custom_target(shadenet_manual ALL DEPENDS ${manual_files})
install(FILES ${manual}/shadenet.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${manual}/shadenet DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${manual}/_shadenet DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
install(FILES ${manual}/shadenet.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
