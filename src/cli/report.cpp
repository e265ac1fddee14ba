// shadenet report: the page of a run, made again.
#include "report/report.h"

#include "cli/commands.h"
#include "cli/help.h"
#include "cli/output.h"
#include "cli/text.h"
#include "train/run_folder.h"

namespace shadenet {

namespace {

int run_report(const std::string& folder) {
    write_report(folder);
    say("report     {}", shown(RunPaths(folder).report()));
    return exit_fine;
}

}  // namespace

void add_report_command(CLI::App& program, int& exit_code) {
    const auto [command, folder] = add_command(
        program, "report", "Show a run as a page: pictures, curves and parameters", exit_code, run_report);
    add_valued(command, "RUN", folder, "the folder that train has filled", "")->required();
    command.footer(
        "Writes report.html into it, and loss.svg and moving_statistics.svg for slides.\n"
        "Training does the same at its end; this is for runs that ended otherwise, or lie\n"
        "in another place now.");
}

}  // namespace shadenet
