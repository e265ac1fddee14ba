// The commands of the program, one file each.
#pragma once

namespace CLI {
class App;
}

namespace shadenet {

inline constexpr int exit_fine = 0;
inline constexpr int exit_failure = 1;
inline constexpr int exit_bad_input = 2;

/// Each adds its command to `program`. The command runs when the parser meets it; it throws InputError or
/// WorkError, or ends with `exit_code` set (which is 0 before).
void add_train_command(CLI::App& program, int& exit_code);
void add_study_command(CLI::App& program, int& exit_code);
void add_apply_command(CLI::App& program, int& exit_code);
void add_stats_command(CLI::App& program, int& exit_code);
void add_adapt_command(CLI::App& program, int& exit_code);
void add_report_command(CLI::App& program, int& exit_code);
void add_inspect_command(CLI::App& program, int& exit_code);
void add_devices_command(CLI::App& program, int& exit_code);
void add_doctor_command(CLI::App& program, int& exit_code);
void add_bench_command(CLI::App& program, int& exit_code);

}  // namespace shadenet
