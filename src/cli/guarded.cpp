#include <algorithm>
#include <exception>
#include <filesystem>
#include <new>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "base/error.h"
#include "base/file_error.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "engine/tensors/smaller.h"

namespace shadenet {

namespace {

/// `shadenet train --help`, or of the command that was named.
std::string help_call(const CLI::App& program) {
    const auto commands = program.get_subcommands();
    const std::string name = program.get_name();
    return commands.empty() ? name + " --help"
                            : fmt::format("{} {} --help", name, commands.front()->get_name());
}

/// What is known of the options of the program and of the command that was named.
std::vector<const CLI::Option*> all_options(const CLI::App& program) {
    std::vector<const CLI::Option*> options = program.get_options({});
    for (const CLI::App* command : program.get_subcommands()) {
        const auto more = command->get_options({});
        options.insert(options.end(), more.begin(), more.end());
    }
    return options;
}

/// What is wrong with the values of a flag, of which the parser says how many it counted.
std::string count_problem(const CLI::App& program, const std::string& counted) {
    for (const CLI::Option* option : all_options(program)) {
        const auto most = static_cast<std::size_t>(std::max(option->get_items_expected_max(), 1));
        if (option->count() > most) return fmt::format("{} is given more than once", option->get_name());
    }
    for (const CLI::Option* option : all_options(program)) {
        const std::string name = option->get_name();
        if (counted.starts_with(name + ":")) {
            return fmt::format("{} lacks its value; give {} {}", name, name, option->get_type_name());
        }
    }
    return counted;
}

int fail(int exit_code, const std::string& message) {
    spdlog::error("{}", message);
    return exit_code;
}

}  // namespace

// Help and version end as exceptions of the parser, and so do bad flags.
bool parse(CLI::App& program, int argc, char** argv) {
    try {
        program.parse(argc, argv);
    } catch (const CLI::Success& success) {
        std::ostringstream text;
        program.exit(success, text, text);
        write_output(text.str());
        return false;
    } catch (const CLI::ExtrasError&) {
        throw InputError(fmt::format("\"{}\" is not known here; `{}` lists what is",
                                     program.remaining(true).front(), help_call(program)));
    } catch (const CLI::ArgumentMismatch& error) {
        throw InputError(
            fmt::format("{}; see `{}`", count_problem(program, error.what()), help_call(program)));
    } catch (const CLI::ParseError& error) {
        throw InputError(fmt::format("{}; see `{}`", error.what(), help_call(program)));
    }
    return true;
}

int reported(const std::function<int()>& work) {
    try {
        return work();
    } catch (const InputError& error) {
        return fail(exit_bad_input, error.what());
    } catch (const WorkError& error) {
        return fail(exit_failure, error.what());
    } catch (const std::filesystem::filesystem_error& error) {
        return fail(exit_bad_input,
                    fmt::format("{}: {}", error.path1().string(), reason_and_advice(error.code())));
    } catch (const std::bad_alloc&) {
        return fail(exit_failure,
                    fmt::format("the computer has too little free memory; use fewer pictures or {}",
                                smaller_pictures));
    } catch (const std::exception& error) {
        return fail(exit_failure, fmt::format("unexpected: {}; please report this", error.what()));
    }
}

int guarded(const std::function<int()>& work) {
    prepare_output();
    const int outcome = reported(work);
    const int output = reported([] {
        finish_output();
        return exit_fine;
    });
    return outcome != exit_fine ? outcome : output;
}

}  // namespace shadenet
