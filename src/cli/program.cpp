#include "cli/program.h"

#include <exception>
#include <filesystem>
#include <new>
#include <sstream>

#include <spdlog/spdlog.h>

#include "base/error.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/output.h"

namespace shadenet {

namespace {

/// `shadenet train --help`, or of the command that was named.
std::string help_call(const CLI::App& program) {
    const auto commands = program.get_subcommands();
    return commands.empty() ? "shadenet --help"
                            : fmt::format("shadenet {} --help", commands.front()->get_name());
}

void add_commands(CLI::App& program, int& exit_code) {
    program.formatter(std::make_shared<HelpFormatter>());
    program.set_help_flag("-h,--help", "show this help");
    program.set_version_flag("--version", "shadenet " SHADENET_VERSION, "print the version");
    program.get_formatter()->label("SUBCOMMAND", "COMMAND");
    add_train_command(program, exit_code);
    add_apply_command(program, exit_code);
    add_inspect_command(program, exit_code);
    add_devices_command(program, exit_code);
    add_doctor_command(program, exit_code);
    add_bench_command(program, exit_code);
    for (CLI::App* command : program.get_subcommands({})) command->group("Commands");
    program.footer(
        "Begin with:  shadenet train --input before --target after --output run\n"
        "         or  shadenet COMMAND --help");
}

/// Runs the command. Help and version end as exceptions of the parser, and so do bad flags.
void parse(CLI::App& program, int argc, char** argv) {
    try {
        program.parse(argc, argv);
    } catch (const CLI::Success& success) {
        std::ostringstream text;
        program.exit(success, text, text);
        write_output(text.str());
        return;
    } catch (const CLI::ExtrasError&) {
        throw InputError(fmt::format("\"{}\" is not known here; `{}` lists what is",
                                     program.remaining(true).front(), help_call(program)));
    } catch (const CLI::ParseError& error) {
        throw InputError(fmt::format("{}; see `{}`", error.what(), help_call(program)));
    }
    if (program.get_subcommands().empty()) {
        throw InputError("no command is given; `shadenet --help` lists the commands");
    }
}

int fail(int exit_code, const std::string& message) {
    spdlog::error("{}", message);
    return exit_code;
}

/// Runs `work` and turns what it throws into an exit code and a line.
template <typename Work>
int guarded(const Work& work) {
    try {
        return work();
    } catch (const InputError& error) {
        return fail(exit_bad_input, error.what());
    } catch (const WorkError& error) {
        return fail(exit_failure, error.what());
    } catch (const std::filesystem::filesystem_error& error) {
        return fail(exit_bad_input, fmt::format("{}: {}", error.path1().string(), error.code().message()));
    } catch (const std::bad_alloc&) {
        return fail(exit_failure,
                    "the computer has too little free memory; use a smaller --size or fewer pictures");
    } catch (const std::exception& error) {
        return fail(exit_failure, fmt::format("unexpected: {}; please report this", error.what()));
    }
}

}  // namespace

int run_program(int argc, char** argv) {
    prepare_output();
    int exit_code = exit_fine;
    CLI::App program("Learns an image filter from before/after pictures, and applies it. Runs on any GPU.",
                     "shadenet");
    const int outcome = guarded([&] {
        add_commands(program, exit_code);
        parse(program, argc, argv);
        return exit_code;
    });
    const int output = guarded([] {
        finish_output();
        return exit_fine;
    });
    return outcome != exit_fine ? outcome : output;
}

}  // namespace shadenet
