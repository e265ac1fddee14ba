// How the command line looks: the layout of --help, and the strict reading of numbers.
#pragma once

#include <charconv>
#include <limits>
#include <string>
#include <system_error>
#include <type_traits>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace shadenet {

/// Flags in one column, one-line explanations in the next, with the default in brackets at their end.
class HelpFormatter : public CLI::Formatter {
  public:
    HelpFormatter();
    std::string make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const override;
    std::string make_option_opts(const CLI::Option* option) const override;
    std::string make_option_desc(const CLI::Option* option) const override;
};

/// Refuses everything but plain decimal numbers of type Number: no hexadecimal, no octal, no trailing
/// letters.
template <typename Number>
CLI::Validator number_validator() {
    const auto problem = [](std::string& text) -> std::string {
        Number value{};
        const char* const last = text.data() + text.size();
        const auto [end, error] = std::from_chars(text.data(), last, value);
        if (error == std::errc() && end == last) return "";
        if constexpr (std::is_floating_point_v<Number>) {
            return fmt::format("\"{}\" is not a number", text);
        } else {
            return fmt::format("\"{}\" is not a whole number from 0 to {}", text,
                               std::numeric_limits<Number>::max());
        }
    };
    return CLI::Validator(problem, "", "number");
}

}  // namespace shadenet
