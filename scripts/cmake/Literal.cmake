# Sets `out` to what stands between the quotes of a C++ literal of a file: all bytes escaped, a literal for each line.
function(read_literal path out)
  file(READ ${path} bytes HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" bytes "${bytes}")
  string(REPLACE "\\x0a" "\\x0a\"\n\"" bytes "${bytes}")
  set(${out} "${bytes}" PARENT_SCOPE)
endfunction()
