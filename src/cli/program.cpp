#include "cli/program.h"

#include <memory>

#include <CLI/CLI.hpp>

#include "base/error.h"
#include "cli/commands.h"
#include "cli/guarded.h"
#include "cli/help.h"
#include "cli/output.h"

namespace shadenet {

namespace {

void add_commands(CLI::App& program, int& exit_code) {
    program.formatter(std::make_shared<HelpFormatter>());
    program.set_help_flag("-h,--help", "show this help");
    program.set_version_flag("--version", "shadenet " SHADENET_VERSION, "print the version");
    program.get_formatter()->label("SUBCOMMAND", "COMMAND");
    add_train_command(program, exit_code);
    add_study_command(program, exit_code);
    add_apply_command(program, exit_code);
    add_stats_command(program, exit_code);
    add_adapt_command(program, exit_code);
    add_report_command(program, exit_code);
    add_inspect_command(program, exit_code);
    add_devices_command(program, exit_code);
    add_doctor_command(program, exit_code);
    add_bench_command(program, exit_code);
    for (CLI::App* command : program.get_subcommands({})) command->group("Commands");
    take_each_once(program);
    program.footer(
        "Begin with:  shadenet train --input before --target after --output run\n"
        "         or  shadenet COMMAND --help\n"
        "Exit codes:  0 done; 1 something failed; 2 what was given cannot be used;\n"
        "130, 143 or 129 stopped by Ctrl-C, SIGTERM or a terminal that was closed, with\n"
        "all saved that was done");
}

}  // namespace

int run_program(int argc, char** argv) {
    prepare_output();
    int exit_code = exit_fine;
    CLI::App program("Learns an image filter from before/after pictures, and applies it, on any GPU.",
                     "shadenet");
    const int outcome = guarded([&] {
        add_commands(program, exit_code);
        if (parse(program, argc, argv) && program.get_subcommands().empty()) {
            throw InputError("no command is given; `shadenet --help` lists the commands");
        }
        return exit_code;
    });
    const int output = guarded([] {
        finish_output();
        return exit_fine;
    });
    return outcome != exit_fine ? outcome : output;
}

}  // namespace shadenet
