#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "gpu/device_info.h"
#include "group/texts.h"

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

/// All but what chooses the device, in which alone ranks may differ.
Texts without_device(const Texts& arguments) {
    Texts others;
    bool is_value = false;
    for (const std::string& argument : arguments) {
        if (std::exchange(is_value, argument == "--device" || argument == "-g") || is_value) continue;
        if (!argument.starts_with("--device=") && !argument.starts_with("-g")) others.push_back(argument);
    }
    return others;
}

void require_same_flags(const Texts& mine, const Texts& of_leader) {
    const Texts ours = without_device(mine), theirs = without_device(of_leader);
    const auto [own, other] = std::ranges::mismatch(ours, theirs);
    if (own == ours.end() && other == theirs.end()) return;
    throw InputError(
        fmt::format("the flags are others than those of rank 0, from \"{}\" on; only --device may differ",
                    own == ours.end() ? *other : *own));
}

/// Of a rank that follows. Rank 0 writes help, and says what is wrong with flags that all were given.
int run_along(CLI::App& program, int argc, char** argv, const Texts& of_leader, const int& exit_code) {
    const Texts mine(argv + 1, argv + argc);
    if (!mine.empty() && !of_leader.empty() && mine.front() != of_leader.front()) {
        throw InputError(fmt::format("{} is begun, and {} on rank 0; begin the same on all", mine.front(),
                                     of_leader.front()));
    }
    require_same_flags(mine, of_leader);
    try {
        program.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (mine != of_leader) throw InputError(error.what());
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
        if (!this_group().is_alone()) {
            const Texts of_leader = broadcast_texts(this_group(), {argv + 1, argv + argc});
            this_group().meet();
            take_device_turn(this_group().local().rank);
            if (!this_group().leads()) return run_along(program, argc, argv, of_leader, exit_code);
        }
        if (parse(program, argc, argv) && program.get_subcommands().empty()) {
            throw InputError("no command is given; `shadenet --help` lists the commands");
        }
        return exit_code;
    });
}

}  // namespace shadenet
