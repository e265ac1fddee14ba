#include "cli/help.h"

#include <utility>

namespace shadenet {

namespace {

std::string not_a_truth(std::string& text) {
    return text == "true" || text == "false"
               ? ""
               : fmt::format("it takes no value but true or false, and not \"{}\"", text);
}

}  // namespace

HelpFormatter::HelpFormatter() {
    column_width(32);
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
    return standard.empty() ? option->get_description()
                            : fmt::format("{} [{}]", option->get_description(), standard);
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
