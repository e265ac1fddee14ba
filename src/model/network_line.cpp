#include "model/network_line.h"

#include <algorithm>
#include <map>

#include <fmt/ranges.h>

#include "base/error.h"
#include "base/number.h"

namespace shadenet {

namespace {

constexpr std::string_view blanks = " \t\r\v\f";

}  // namespace

std::vector<std::string_view> split_text(std::string_view text, std::string_view separators) {
    std::vector<std::string_view> parts;
    for (;;) {
        const std::size_t end = text.find_first_of(separators);
        parts.push_back(text.substr(0, end));
        if (end == text.npos) return parts;
        text.remove_prefix(end + 1);
    }
}

std::vector<NetworkLine> network_lines(std::string_view text, const std::string& source) {
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";  // some editors begin a file with it
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    std::vector<NetworkLine> lines;
    const std::vector<std::string_view> whole_lines = split_text(text, "\n");
    const bool one_line = std::all_of(whole_lines.begin() + 1, whole_lines.end(), [](std::string_view line) {
        return line.find_first_not_of(blanks) == line.npos;
    });
    for (std::size_t i = 0; i < whole_lines.size(); ++i) {
        const std::vector<std::string_view> pieces =
            split_text(whole_lines[i].substr(0, whole_lines[i].find('#')), ",");
        for (std::size_t j = 0; j < pieces.size(); ++j) {
            std::vector<std::string_view> words = split_text(pieces[j], blanks);
            std::erase(words, "");
            if (!words.empty()) lines.emplace_back(source, one_line ? j + 1 : i + 1, std::move(words));
        }
    }
    return lines;
}

void NetworkLine::refuse(const std::string& why) const {
    throw InputError(fmt::format("{}: line {}: {}", *source_, number_, why));
}

std::string_view NetworkLine::word(const char* missing) {
    if (next_ == words_.size()) fail("{} needs {}", words_.front(), missing);
    return words_[next_++];
}

std::uint32_t NetworkLine::whole(std::string_view text, const char* what, std::uint32_t most) const {
    const auto value = number_in<std::uint32_t>(text);
    if (!value || *value < 1 || *value > most) {
        fail("{} is {}; use a whole number from 1 to {}", what, in_quotes(text), most);
    }
    return *value;
}

float NetworkLine::real(std::string_view text, const char* what, const char* accepted,
                        bool (*accepts)(float)) const {
    const auto value = number_in<float>(text);
    if (!value || !accepts(*value)) fail("{} is {}; use {}", what, in_quotes(text), accepted);
    return *value;
}

void NetworkLine::options(const std::vector<Option>& options) {
    std::map<std::string_view, std::string_view> settled;
    while (next_ < words_.size()) {
        const std::string_view given = words_[next_++];
        const auto option = std::find_if(options.begin(), options.end(),
                                         [&](const Option& one) { return one.word == given; });
        if (option == options.end()) refuse_option(given, options);
        const auto [before, first] = settled.emplace(option->settles, given);
        if (!first && before->second == given) fail("{} stands twice; give it once", given);
        if (!first) fail("{} stands beside {}; give one of them", given, before->second);
        option->take();
    }
}

void NetworkLine::refuse_option(std::string_view given, const std::vector<Option>& options) const {
    std::vector<std::string> usages;
    for (const Option& option : options) usages.push_back(option.usage);
    if (usages.empty()) fail("{} stands after {}; nothing may follow that", in_quotes(given), taken());
    fail("{} stands after {}; what may follow is {}", in_quotes(given), taken(), fmt::join(usages, ", "));
}

std::string NetworkLine::taken() const {
    return in_quotes(fmt::format("{}", fmt::join(words_.begin(), words_.begin() + next_ - 1, " ")));
}

}  // namespace shadenet
