#include "base/error.h"
#include "cli/commands.h"
#include "cli/help.h"

namespace shadenet {

namespace {

void add_commands(CLI::App& program, int& exit_code) {
    set_up_help(program, "COMMAND");
    for (const auto add :
         {add_train_command, add_check_command, add_study_command, add_apply_command, add_classify_command,
          add_stats_command, add_adapt_command, add_export_command, add_report_command, add_inspect_command,
          add_devices_command, add_doctor_command, add_bench_command}) {
        add(program, exit_code);
    }
    for (CLI::App* command : program.get_subcommands({})) {
        command->group("Commands");
        if (command->get_option_no_throw("--quiet") == nullptr) add_quiet_flag(*command);
    }
    add_manual_command(program);
    take_each_once(program);
    program.footer(
        "Begin with:  shadenet train --input before --target after --output run\n"
        "         or  shadenet COMMAND --help\n"
        "Exit codes:  0 done; 1 something failed; 2 what was given cannot be used;\n"
        "130, 143 or 129 stopped by Ctrl-C, SIGTERM or a terminal that was closed, with\n"
        "all saved that was done");
}

/// Of a rank that follows. Rank 0 says for all what is wrong with the flags, and writes help.
int run_along(CLI::App& program, int argc, char** argv, const int& exit_code) {
    try {
        program.parse(argc, argv);
    } catch (const CLI::ParseError&) {
        return exit_fine;
    }
    return exit_code;
}

}  // namespace

int run_program(int argc, char** argv) {
    int exit_code = exit_fine;
    CLI::App program("Learns an image filter from before/after pictures, and applies it, on any GPU.",
                     "shadenet");
    return guarded([&] {
        add_commands(program, exit_code);
        if (!this_group().leads()) return run_along(program, argc, argv, exit_code);
        if (parse(program, argc, argv) && program.get_subcommands().empty()) {
            throw InputError("no command is given; `shadenet --help` lists the commands");
        }
        return exit_code;
    });
}

}  // namespace shadenet
