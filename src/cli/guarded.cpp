#include "cli/guarded.h"

#include <exception>
#include <filesystem>
#include <new>
#include <sstream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "base/error.h"
#include "base/file_error.h"
#include "cli/commands.h"
#include "cli/output.h"

namespace shadenet {

namespace {

/// `shadenet train --help`, or of the command that was named.
std::string help_call(const CLI::App& program) {
    const auto commands = program.get_subcommands();
    const std::string name = program.get_name();
    return commands.empty() ? name + " --help"
                            : fmt::format("{} {} --help", name, commands.front()->get_name());
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
    } catch (const CLI::ParseError& error) {
        throw InputError(fmt::format("{}; see `{}`", error.what(), help_call(program)));
    }
    return true;
}

int guarded(const std::function<int()>& work) {
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
                    "the computer has too little free memory; use a smaller --size or fewer pictures");
    } catch (const std::exception& error) {
        return fail(exit_failure, fmt::format("unexpected: {}; please report this", error.what()));
    }
}

}  // namespace shadenet
