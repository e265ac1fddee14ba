// The frame of a page: its style and its script, which all pages share.
#pragma once

#include <string>

namespace shadenet {

/// A whole HTML page that fetches nothing from anywhere. The texts are as HTML takes them; `heading` stands
/// above the content.
std::string html_page(const std::string& title, const std::string& heading, const std::string& content);

/// "How to read this": the words that a run's page uses.
std::string words_section();

}  // namespace shadenet
