#include "cli/help.h"

#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <sstream>
#include <system_error>
#include <utility>

#include "cli/output.h"
#include "cli/text.h"
#include "cli/version.h"

namespace shadenet {

namespace {

/// Of a terminal's usual 80 columns.
constexpr std::size_t names_width = 29, meanings_width = 80 - names_width;

std::string not_a_truth(std::string& text) {
    return text == "true" || text == "false"
               ? ""
               : fmt::format("it takes no value but true or false, and not \"{}\"", text);
}

/// Why a text is no number within the limits; "" where it is one.
std::string not_within(const std::string& text, float least, float most) {
    using Limits = std::numeric_limits<float>;
    float value = 0;
    const char* const last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, value);
    const bool out_of_range = error == std::errc::result_out_of_range;
    const bool is_number = (error == std::errc() || out_of_range) && end == last && !std::isnan(value);
    if (!is_number) return fmt::format("\"{}\" is not a number", text);
    if (!out_of_range && value >= least && value <= most) return "";
    if (out_of_range && std::abs(std::strtod(text.c_str(), nullptr)) < 1) {
        return fmt::format("\"{}\" is out of range; use 0, or a number of {:.1e} or more in size", text,
                           Limits::min());
    }
    // Options without limits here have limits of their own, and name them.
    if (std::isinf(most)) {
        return fmt::format(
            "\"{}\" is out of range; use a number smaller in size, as a float holds {:.2g} at most", text,
            Limits::max());
    }
    return fmt::format("\"{}\" is out of range; use a number from {:.3g} to {:.3g}", text, least, most);
}

}  // namespace

HelpFormatter::HelpFormatter() {
    column_width(names_width);
    label("OPTIONS", "flags");
}

std::string HelpFormatter::make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const {
    std::string text = CLI::Formatter::make_help(app, std::move(name), mode);
    return CLI::detail::find_and_replace(std::move(text), "\n\n\n", "\n\n");
}

std::string HelpFormatter::make_option_opts(const CLI::Option* option) const {
    if (option->get_type_size() == 0) return "";
    return " " + option->get_type_name();
}

std::string HelpFormatter::make_option_desc(const CLI::Option* option) const {
    const std::string standard = option->get_default_str();
    const std::string meaning = option->get_description();
    return wrapped(standard.empty() ? meaning : fmt::format("{} [{}]", meaning, standard), meanings_width);
}

std::string HelpFormatter::make_subcommand(const CLI::App* command) const {
    std::ostringstream text;
    CLI::detail::format_help(text, command->get_name(), wrapped(command->get_description(), meanings_width),
                             names_width);
    return text.str();
}

void set_up_help(CLI::App& program, const char* label) {
    program.formatter(std::make_shared<HelpFormatter>());
    program.set_help_flag("-h,--help", "show this help");
    program.set_version_flag("--version", version_text(), "print the version, its commit and its libraries");
    program.get_formatter()->label("SUBCOMMAND", label);
}

CLI::Validator real_validator(float least, float most) {
    return CLI::Validator([=](std::string& text) { return not_within(text, least, most); }, "", "number");
}

CLI::Option* add_number(CLI::App& command, const char* names, std::uint32_t& value,
                        const std::string& meaning, std::uint32_t least, std::uint32_t most,
                        const char* type) {
    return add_valued(command, names, value, meaning, type)
        ->capture_default_str()
        ->check(number_validator(least, most));
}

CLI::Option* add_device_flag(CLI::App& command, std::string& device, const char* names) {
    return add_valued(command, names, device, "the GPU: a number, a part of its name, cpu or auto", "DEVICE");
}

CLI::Option* add_quiet_flag(CLI::App& command, bool& quiet, const char* meaning) {
    return command.add_flag("-q,--quiet", quiet, meaning);
}

void add_quiet_flag(CLI::App& command) {
    command.add_flag_callback(
        "-q,--quiet", [] { set_log_level(false, true); }, "only results, warnings and errors");
}

void take_each_once(CLI::App& program) {
    for (CLI::Option* option : program.get_options()) {
        if (option == program.get_help_ptr() || option == program.get_version_ptr()) continue;
        const bool is_switch = option->get_items_expected_max() == 0;
        if (is_switch) option->check(CLI::Validator(not_a_truth, "", "truth"));
        // The parser lets switches collect, too.
        if (is_switch || option->get_multi_option_policy() != CLI::MultiOptionPolicy::TakeAll) {
            option->multi_option_policy(CLI::MultiOptionPolicy::Throw);
        }
    }
    for (CLI::App* command : program.get_subcommands({})) take_each_once(*command);
}

}  // namespace shadenet
