#include "report/page.h"

#include <stdexcept>
#include <string_view>

#include <fmt/format.h>

#include "embedded/report_page.h"

namespace shadenet {

namespace {

std::string_view page_part(std::string_view name) {
    for (const embedded::File& file : embedded::report_page()) {
        if (file.name != name) continue;
        return {reinterpret_cast<const char*>(file.bytes.data()), file.bytes.size()};
    }
    throw std::logic_error(fmt::format("the program has no {} built in", name));
}

/// The page must load nothing from elsewhere; browsers enforce this rule.
constexpr std::string_view rule =
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src "
    "'unsafe-inline'; script-src 'unsafe-inline'\">";

}  // namespace

std::string html_page(const std::string& title, const std::string& heading, const std::string& content) {
    return fmt::format(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">{}<meta name=\"viewport\" "
        "content=\"width=device-width, initial-scale=1\"><title>{} · shadenet</title><style>\n{}</style>"
        "</head><body>{}<main>\n{}</main><script>\n{}</script></body></html>\n",
        rule, title, page_part("style"), heading, content, page_part("script"));
}

std::string words_section(bool classes) {
    return fmt::format("<section class=\"words\"><h2>How to read this</h2>\n<dl>\n{}{}</dl></section>\n",
                       page_part(classes ? "words_classes" : "words_filter"), page_part("words_norms"));
}

}  // namespace shadenet
