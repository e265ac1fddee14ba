// Files for the system around the program, made of the commands and flags that the parser knows.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace shadenet {

/// The page of `man shadenet`, with every command and flag. `version`: "shadenet 0.1.0".
std::string manual_page(const CLI::App& program, const std::string& version);

std::string bash_completion(const CLI::App& program);
std::string zsh_completion(const CLI::App& program);
std::string fish_completion(const CLI::App& program);

/// The commands of the program that help shows, in their order.
std::vector<const CLI::App*> shown_commands(const CLI::App& program);
/// The flags of a command, or of the program, that help shows; no arguments without a flag.
std::vector<const CLI::Option*> shown_flags(const CLI::App& app);
/// "--input" and "-i", the long ones first.
std::vector<std::string> flag_names(const CLI::Option& option);
/// It is followed by a value.
bool takes_value(const CLI::Option& option);

}  // namespace shadenet
