// A line of a network's text, as words that are taken one after the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace shadenet {

/// The parts between separators, empty ones included.
std::vector<std::string_view> split_text(std::string_view text, std::string_view separators);

/// Every member throws InputError "<source>: line 3: ..." for words that are not what it takes. The text and
/// the source's name must outlive the line.
class NetworkLine {
  public:
    /// A word that may follow, with what it brings. Of those that settle one thing only one may stand.
    struct Option {
        std::string_view word;
        std::string usage;
        std::string_view settles;
        std::function<void()> take;
    };

    NetworkLine() = default;
    /// Its first word counts as taken; there must be one.
    NetworkLine(const std::string& source, std::size_t number, std::vector<std::string_view> words)
        : source_(&source), number_(number), words_(std::move(words)) {}

    std::string_view front() const { return words_.front(); }

    /// The next one. `missing` says what the line needs where there is none.
    std::string_view word(const char* missing);
    /// All that are left, each an option's word or taken by it.
    void options(const std::vector<Option>& options);

    /// From 1 to most.
    std::uint32_t whole(std::string_view text, const char* what, std::uint32_t most) const;
    float real(std::string_view text, const char* what, const char* accepted, bool (*accepts)(float)) const;

    template <typename... Values>
    [[noreturn]] void fail(fmt::format_string<Values...> what, Values&&... values) const {
        refuse(fmt::format(what, std::forward<Values>(values)...));
    }

  private:
    [[noreturn]] void refuse(const std::string& why) const;
    [[noreturn]] void refuse_option(std::string_view given, const std::vector<Option>& options) const;
    std::string taken() const;

    const std::string* source_ = nullptr;
    std::size_t number_ = 0;  ///< in the text, or of a comma's piece in a text of one line
    std::vector<std::string_view> words_;
    std::size_t next_ = 1;
};

/// Those that have words, without their comments.
std::vector<NetworkLine> network_lines(std::string_view text, const std::string& source);

}  // namespace shadenet
