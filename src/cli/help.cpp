#include "cli/help.h"

#include <utility>

namespace shadenet {

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

}  // namespace shadenet
