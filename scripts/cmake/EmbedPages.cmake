# Writes the Markdown files of a folder, without README.md, into a C++ source as { "name", "text" }, all bytes escaped:
#   cmake -D FOLDER=… -D OUTPUT=… -P EmbedPages.cmake
file(GLOB pages ${FOLDER}/*.md)
list(SORT pages)
set(text "// Made of docs/diagnostics when it is built.\n#include \"cli/pages.hpp\"\n\nnamespace kenzan::cli {\n\n")
set(entries "")
foreach(page IN LISTS pages)
  get_filename_component(name ${page} NAME_WE)
  if(name STREQUAL "README")
    continue()
  endif()
  file(READ ${page} bytes HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" bytes "${bytes}")
  string(REPLACE "\\x0a" "\\x0a\"\n\"" bytes "${bytes}")  # a literal for each line
  string(APPEND entries "    {\"${name}\",\n\"${bytes}\"},\n")
endforeach()
string(APPEND text "std::span<const Page> pages() {\n  static constexpr Page all[] = {\n${entries}  };\n  return all;\n}\n\n}  // namespace kenzan::cli\n")
file(WRITE ${OUTPUT} "${text}")
