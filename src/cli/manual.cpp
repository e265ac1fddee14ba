#include "cli/manual.h"

#include <sstream>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace shadenet {

namespace {

/// As man reads it: a hyphen that can be searched for and copied, and no line that is a request.
std::string roff(std::string_view text) {
    std::string escaped = !text.empty() && (text[0] == '.' || text[0] == '\'') ? "\\&" : "";
    for (const char sign : text) {
        if (sign == '\\') {
            escaped += "\\e";
        } else if (sign == '-') {
            escaped += "\\-";
        } else if (sign == '\n') {
            escaped += ' ';
        } else {
            escaped += sign;
        }
    }
    return escaped;
}

std::string flag_entry(const CLI::Option& option) {
    std::vector<std::string> names = flag_names(option);
    for (std::string& name : names) name = fmt::format("\\fB{}\\fR", roff(name));
    std::string entry = fmt::format(".TP\n{}", fmt::join(names, ", "));
    if (takes_value(option)) entry += fmt::format(" \\fI{}\\fR", roff(option.get_type_name()));
    entry += "\n" + roff(option.get_description());
    if (!option.get_default_str().empty()) entry += fmt::format(" [{}]", roff(option.get_default_str()));
    if (option.get_required()) entry += " (required)";
    return entry + "\n";
}

/// Examples and the like: lines stay as they are.
std::string lines_entry(const std::string& text) {
    if (text.empty()) return "";
    std::string entry = ".PP\n.nf\n";
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) entry += (line.empty() ? "\\&" : roff(line)) + "\n";
    return entry + ".fi\n";
}

}  // namespace

std::vector<const CLI::App*> shown_commands(const CLI::App& program) {
    return program.get_subcommands([](const CLI::App* command) { return !command->get_group().empty(); });
}

std::vector<const CLI::Option*> shown_flags(const CLI::App& app) {
    return app.get_options(
        [](const CLI::Option* option) { return option->nonpositional() && !option->get_group().empty(); });
}

std::vector<std::string> flag_names(const CLI::Option& option) {
    std::vector<std::string> names;
    for (const std::string& name : option.get_lnames()) names.push_back("--" + name);
    for (const std::string& name : option.get_snames()) names.push_back("-" + name);
    return names;
}

bool takes_value(const CLI::Option& option) {
    return option.get_items_expected_max() > 0;
}

std::string manual_page(const CLI::App& program, const std::string& version) {
    std::string page = fmt::format(
        ".\\\" Made by the program itself, of the flags that it knows.\n"
        ".TH SHADENET 1 \"\" \"{}\" \"User Commands\"\n"
        ".SH NAME\nshadenet \\- learns an image filter from pictures before and after it, and applies it\n"
        ".SH SYNOPSIS\n\\fBshadenet\\fR \\fICOMMAND\\fR [\\fIflags\\fR]\n"
        ".SH DESCRIPTION\n{}\n",
        roff(version), roff(program.get_description()));
    page += lines_entry(program.get_footer());
    page += ".SH FLAGS WITHOUT A COMMAND\n";
    for (const CLI::Option* option : shown_flags(program)) page += flag_entry(*option);
    page += ".SH COMMANDS\n";
    for (const CLI::App* command : shown_commands(program)) {
        page += fmt::format(".SS {}\n{}.\n", roff(command->get_name()), roff(command->get_description()));
        for (const CLI::Option* option : shown_flags(*command)) page += flag_entry(*option);
        page += lines_entry(command->get_footer());
    }
    page +=
        ".SH ENVIRONMENT\n"
        ".TP\n\\fBSHADENET_DEVICE\\fR\nthe device, as \\fB\\-\\-device\\fR names it\n"
        ".TP\n\\fBVK_DRIVER_FILES\\fR\nthe manifests of the drivers of Vulkan to look at\n";
    return page;
}

}  // namespace shadenet
