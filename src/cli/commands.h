// The command line: its commands, one file each, and how a program of it runs and ends.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <utility>

#include <CLI/CLI.hpp>

#include "group/group.h"

namespace shadenet {

inline constexpr int exit_fine = 0;
inline constexpr int exit_failure = 1;
inline constexpr int exit_bad_input = 2;

/// The command line `shadenet`: parses, runs one command, and turns its outcome into an exit code. 0: done.
/// 1: work that began and failed. 2: a flag, picture, model or device that cannot be used. 130: stopped by
/// Ctrl-C, with everything saved. An error is one line on stderr, "shadenet: error: ...".
int run_program(int argc, char** argv);

/// Runs the parser, which runs the commands. False when it was help or the version that was asked for, which
/// are written. Flags that are not known, and values that no flag takes, become an InputError.
bool parse(CLI::App& program, int argc, char** argv);

/// What `work` returns. What it throws is said in a line on standard error, and becomes an exit code.
int reported(const std::function<int()>& work);

/// The same of a whole program, with the output prepared and finished.
int guarded(const std::function<int()>& work);

/// True once SIGINT, SIGTERM or SIGHUP has come, which from this call on no longer end the program. Another
/// SIGINT or SIGTERM ends it at once, unless it follows the first within a second: one wish to stop may come
/// as several signals. SIGHUP comes along with others, and never does. A signal that is ignored already, as
/// after nohup, stays so.
const std::atomic<bool>& stop_on_interrupt();

/// What a program ends with that such a signal has stopped: 128 and the signal's number, as shells say it.
int exit_after_interrupt();

/// A command of `program` that calls `run` with its flags, which stay in place for the parser to write into.
/// `run` throws InputError or WorkError, or returns the exit code. Where processes work together, rank 0 runs
/// the command, and the others `follow`, if it has a share for them.
template <class Flags>
std::pair<CLI::App&, Flags&> add_command(CLI::App& program, const char* name, const char* meaning,
                                         int& exit_code, int (*run)(const Flags&),
                                         int (*follow)(const Flags&) = nullptr) {
    CLI::App* command = program.add_subcommand(name, meaning);
    const auto flags = std::make_shared<Flags>();
    command->callback([flags, run, follow, &exit_code] {
        if (this_group().leads()) {
            exit_code = run(*flags);
        } else if (follow != nullptr) {
            exit_code = follow(*flags);
        }
    });
    return {*command, *flags};
}

void add_train_command(CLI::App& program, int& exit_code);
void add_check_command(CLI::App& program, int& exit_code);
void add_study_command(CLI::App& program, int& exit_code);
void add_apply_command(CLI::App& program, int& exit_code);
void add_classify_command(CLI::App& program, int& exit_code);
void add_stats_command(CLI::App& program, int& exit_code);
void add_adapt_command(CLI::App& program, int& exit_code);
void add_export_command(CLI::App& program, int& exit_code);
void add_report_command(CLI::App& program, int& exit_code);
void add_inspect_command(CLI::App& program, int& exit_code);
void add_devices_command(CLI::App& program, int& exit_code);
void add_doctor_command(CLI::App& program, int& exit_code);
void add_bench_command(CLI::App& program, int& exit_code);
/// For the build; help does not list it. Added when all others are.
void add_manual_command(CLI::App& program);

}  // namespace shadenet
