// What the page of a report is made of besides its data: the files of this folder, as they were when the program was built.
#pragma once
#include <string_view>

namespace kenzan::html {

extern const std::string_view report_html, report_css, report_js;

}  // namespace kenzan::html
