# Writes files into a C++ source as text, all bytes escaped: report.css becomes `report_css` of the header's namespace.
#   cmake -D FILES=a,b -D HEADER=diag/html/parts.hpp -D NAMESPACE=kenzan::html -D OUTPUT=… -P EmbedFiles.cmake
include(${CMAKE_CURRENT_LIST_DIR}/Literal.cmake)
string(REPLACE "," ";" files "${FILES}")
set(text "// Made when it is built, of what stands beside ${HEADER}.\n#include \"${HEADER}\"\n\nnamespace ${NAMESPACE} {\n\n")
foreach(file IN LISTS files)
  get_filename_component(name ${file} NAME)
  string(REPLACE "." "_" name ${name})
  read_literal(${file} bytes)
  string(APPEND text "const std::string_view ${name} =\n\"${bytes}\";\n\n")
endforeach()
file(WRITE ${OUTPUT} "${text}}  // namespace ${NAMESPACE}\n")
