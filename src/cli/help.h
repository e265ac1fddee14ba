// How the command line looks: the layout of --help, and the strict reading of numbers.
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/number.h"

namespace shadenet {

/// Flags in one column, explanations in the next, with the default in brackets at their end; 80 columns in
/// all.
class HelpFormatter : public CLI::Formatter {
  public:
    HelpFormatter();
    std::string make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const override;
    std::string make_option_opts(const CLI::Option* option) const override;
    std::string make_option_desc(const CLI::Option* option) const override;
    std::string make_subcommand(const CLI::App* command) const override;
};

/// Refuses everything but plain decimal whole numbers within the limits: no hexadecimal, no octal, no
/// trailing letters.
template <std::integral Number>
CLI::Validator number_validator(Number least = 0, Number most = std::numeric_limits<Number>::max()) {
    const auto problem = [=](std::string& text) -> std::string {
        const auto value = number_in<Number>(text);
        if (value && *value >= least && *value <= most) return "";
        return fmt::format("\"{}\" is not a whole number from {} to {}", text, least, most);
    };
    return CLI::Validator(problem, "", "number");
}

/// The same for numbers that need not be whole. Without limits it takes all that a float holds, the infinite
/// ones too, which options refuse in words of their own.
CLI::Validator real_validator(float least = -std::numeric_limits<float>::infinity(),
                              float most = std::numeric_limits<float>::infinity());

/// -h and --version. `label`: what stands for a command in the line of usage.
void set_up_help(CLI::App& program, const char* label);

/// An option with a word for its value.
template <typename Value>
CLI::Option* add_valued(CLI::App& command, const char* names, Value& value, const std::string& meaning,
                        const char* type) {
    return command.add_option(names, value, meaning)->type_name(type);
}

/// A whole number within these limits, with its default.
CLI::Option* add_number(CLI::App& command, const char* names, std::uint32_t& value,
                        const std::string& meaning, std::uint32_t least = 0,
                        std::uint32_t most = std::numeric_limits<std::uint32_t>::max(),
                        const char* type = "N");

/// -q, which every command has.
CLI::Option* add_quiet_flag(CLI::App& command, bool& quiet, const char* meaning);
/// The same for a command that needs not know: its notes and bars of progress are left out.
void add_quiet_flag(CLI::App& command);

CLI::Option* add_device_flag(CLI::App& command, std::string& device, const char* names = "--device");

/// Refuses a flag or an option that is given more than once, save those that collect what they are given, and
/// a switch with any value but true or false. Of the program and its commands; called when all are added.
void take_each_once(CLI::App& program);

}  // namespace shadenet
