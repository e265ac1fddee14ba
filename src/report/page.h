// The frame of a page: its style and its script, which all pages share.
#pragma once

#include <string>

namespace shadenet {

/// A complete HTML page that loads nothing from elsewhere. The texts are HTML; `heading` stands above the
/// content.
std::string html_page(const std::string& title, const std::string& heading, const std::string& content);

/// The section "How to read this", about the words that the page of a run on pairs uses, or on `classes`.
std::string words_section(bool classes);

}  // namespace shadenet
