// What shells complete: commands and flags, and files behind flags that take a value.
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/manual.h"

namespace shadenet {

namespace {

constexpr const char* made_by = "# Made by shadenet itself, of the flags that it knows.\n";

std::string words_of_app(const CLI::App& app) {
    std::vector<std::string> words;
    for (const CLI::Option* option : shown_flags(app)) {
        for (const std::string& name : flag_names(*option)) words.push_back(name);
    }
    return fmt::format("{}", fmt::join(words, " "));
}

std::string command_names(const CLI::App& program, const char* between) {
    std::vector<std::string> names;
    for (const CLI::App* command : shown_commands(program)) names.push_back(command->get_name());
    return fmt::format("{}", fmt::join(names, between));
}

/// Between single quotes of a shell, where `also` are signs that a backslash must protect.
std::string quoted_for_shell(std::string_view text, std::string_view also, std::string_view quote) {
    std::string escaped;
    for (const char sign : text) {
        if (sign == '\'') {
            escaped += quote;
        } else if (sign == '\n') {
            escaped += ' ';
        } else {
            if (also.find(sign) != also.npos) escaped += '\\';
            escaped += sign;
        }
    }
    return escaped;
}

std::string zsh_text(std::string_view text) {
    return quoted_for_shell(text, "[]:\\", "'\\''");
}

std::string fish_text(std::string_view text) {
    return quoted_for_shell(text, "\\", "\\'");
}

}  // namespace

std::string bash_completion(const CLI::App& program) {
    std::string cases;
    for (const CLI::App* command : shown_commands(program)) {
        cases += fmt::format("        {}) words='{}' ;;\n", command->get_name(), words_of_app(*command));
    }
    return fmt::format(
        "{}_shadenet() {{\n"
        "    local current=${{COMP_WORDS[COMP_CWORD]}} command='' words word\n"
        "    for word in \"${{COMP_WORDS[@]:1:COMP_CWORD-1}}\"; do\n"
        "        case $word in\n"
        "            {}) command=$word; break ;;\n"
        "        esac\n"
        "    done\n"
        "    case $command in\n"
        "        '') words='{} {}' ;;\n"
        "{}"
        "    esac\n"
        "    COMPREPLY=()\n"
        "    if [[ $current == -* || -z $command ]]; then\n"
        "        mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
        "    fi\n"
        "}}\n"
        "complete -o default -F _shadenet shadenet\n",
        made_by, command_names(program, " | "), command_names(program, " "), words_of_app(program), cases);
}

std::string zsh_completion(const CLI::App& program) {
    std::string commands, cases;
    for (const CLI::App* command : shown_commands(program)) {
        commands +=
            fmt::format("        '{}:{}'\n", command->get_name(), zsh_text(command->get_description()));
        cases += fmt::format("        {})\n            _arguments \\\n", command->get_name());
        for (const CLI::Option* option : shown_flags(*command)) {
            for (const std::string& name : flag_names(*option)) {
                const std::string value =
                    takes_value(*option) ? ":" + zsh_text(option->get_type_name()) + ":_files" : "";
                cases += fmt::format("                '*{}[{}]{}' \\\n", name,
                                     zsh_text(option->get_description()), value);
            }
        }
        cases += "                '*:file:_files'\n            ;;\n";
    }
    return fmt::format(
        "#compdef shadenet\n{}_shadenet() {{\n"
        "    local -a commands\n"
        "    commands=(\n{}    )\n"
        "    if (( CURRENT == 2 )); then\n"
        "        _describe command commands\n"
        "        return\n"
        "    fi\n"
        "    local command=$words[2]\n"
        "    shift words\n"
        "    (( CURRENT-- ))\n"
        "    case $command in\n{}    esac\n"
        "}}\n"
        "_shadenet \"$@\"\n",
        made_by, commands, cases);
}

std::string fish_completion(const CLI::App& program) {
    std::string text = made_by;
    for (const CLI::App* command : shown_commands(program)) {
        text += fmt::format("complete -c shadenet -f -n __fish_use_subcommand -a {} -d '{}'\n",
                            command->get_name(), fish_text(command->get_description()));
    }
    for (const CLI::App* command : shown_commands(program)) {
        for (const CLI::Option* option : shown_flags(*command)) {
            text +=
                fmt::format("complete -c shadenet -n '__fish_seen_subcommand_from {}'", command->get_name());
            for (const std::string& name : option->get_lnames()) text += " -l " + name;
            for (const std::string& name : option->get_snames()) text += " -s " + name;
            text += fmt::format("{} -d '{}'\n", takes_value(*option) ? " -r" : "",
                                fish_text(option->get_description()));
        }
    }
    return text;
}

}  // namespace shadenet
