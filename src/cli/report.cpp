// shadenet report: the page of a run, made again.
#include "report/report.h"

#include <filesystem>
#include <memory>

#include <CLI/CLI.hpp>

#include "cli/commands.h"
#include "cli/output.h"
#include "cli/text.h"
#include "train/run_folder.h"

namespace shadenet {

namespace {

void run_report(const std::filesystem::path& folder) {
    write_report(folder);
    say("report     {}", shown(RunPaths(folder).report()));
}

}  // namespace

void add_report_command(CLI::App& program, int&) {
    CLI::App* command =
        program.add_subcommand("report", "Show a run as a page: pictures, curves and parameters");
    const auto folder = std::make_shared<std::string>();
    command->add_option("RUN", *folder, "the folder that train has filled")->required()->type_name("");
    command->footer(
        "Writes report.html into it, and loss.svg and moving_statistics.svg for slides.\n"
        "Training does the same at its end; this is for runs that ended otherwise, or lie\n"
        "in another place now.");
    command->callback([folder] { run_report(*folder); });
}

}  // namespace shadenet
