#include "diag/xml_text.hpp"

#include "base/utf8.hpp"

namespace kenzan {

void append_xml(std::string& out, std::string_view text, bool attribute) {
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = code_point_at(text, at);
    const bool breaks = c.code == '\n' || c.code == '\t' || c.code == '\r';
    if (!c.valid || (c.code < 0x20 && !breaks) || c.code == 0xFFFE || c.code == 0xFFFF) {
      append_utf8(out, 0xFFFD);
    } else if (c.code == '\r' || (breaks && attribute)) {
      out.append("&#").append(std::to_string(static_cast<unsigned>(c.code))).append(";");
    } else if (c.code == '&') {
      out.append("&amp;");
    } else if (c.code == '<') {
      out.append("&lt;");
    } else if (c.code == '>') {
      out.append("&gt;");
    } else if (c.code == '"' && attribute) {
      out.append("&quot;");
    } else {
      out.append(text.substr(at, c.length));
    }
    at += c.length;
  }
}

void append_attribute(std::string& out, std::string_view name, std::string_view value) {
  out.append(" ").append(name).append("=\"");
  append_xml(out, value, true);
  out.append("\"");
}

void append_attribute(std::string& out, std::string_view name, std::size_t value) {
  append_attribute(out, name, std::string_view(std::to_string(value)));
}

}  // namespace kenzan
