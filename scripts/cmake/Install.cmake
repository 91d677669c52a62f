# Installs the program, and what it says about itself: `kenzan --man` and `kenzan completions SHELL` are run when installing.

if(SKBUILD)  # a wheel (pyproject.toml): the program only
  install(TARGETS kenzan RUNTIME DESTINATION ${SKBUILD_SCRIPTS_DIR})
  return()
endif()
install(TARGETS kenzan RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})

# Builds are for this machine unless cross-compiling; then there is nothing to run.
if(NOT CMAKE_CROSSCOMPILING)
  macro(kenzan_install_said file)
    get_filename_component(folder ${file} DIRECTORY)
    get_filename_component(name ${file} NAME)
    string(JOIN " " arguments ${ARGN})
    install(
      CODE "
      execute_process(COMMAND \"$<TARGET_FILE:kenzan>\" ${arguments} OUTPUT_FILE \"${PROJECT_BINARY_DIR}/installed/${name}\"
                      RESULT_VARIABLE status ERROR_VARIABLE said)
      if(status EQUAL 0)
        file(INSTALL \"${PROJECT_BINARY_DIR}/installed/${name}\" DESTINATION \"\${CMAKE_INSTALL_PREFIX}/${folder}\")
      else()
        message(WARNING \"not installed: ${file} (kenzan ${arguments}: \${status} \${said})\")
      endif()")
  endmacro()
  file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/installed)
  kenzan_install_said(${CMAKE_INSTALL_MANDIR}/man1/kenzan.1 --man)
  kenzan_install_said(${CMAKE_INSTALL_DATADIR}/bash-completion/completions/kenzan completions bash)
  kenzan_install_said(${CMAKE_INSTALL_DATADIR}/zsh/site-functions/_kenzan completions zsh)
  kenzan_install_said(${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d/kenzan.fish completions fish)
endif()
