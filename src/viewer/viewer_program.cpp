#include "viewer/viewer_program.h"

#include <atomic>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/error.h"
#include "cli/commands.h"
#include "cli/given_model.h"
#include "cli/help.h"
#include "cli/output.h"
#include "cli/train_flags.h"
#include "data/checked_pairs.h"
#include "viewer/app.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

struct ViewerFlags {
    TrainFlags train;
    std::vector<std::string> files;
    std::string device, range, screenshot;
    std::optional<std::uint32_t> after_epochs;
    bool layout = false;
    std::pair<int, int> size = {1280, 800};  ///< exactly two numbers; what follows is a file
};

void add_flags(CLI::App& program, ViewerFlags& flags) {
    set_up_help(program, "train ...");
    program.add_option("FILES", flags.files, "the folder of a run; or a model and pictures to try it on")
        ->type_name("");
    add_device_flag(program, flags.device);
    add_range_flag(program, flags.range);
    program.add_option("--size", flags.size, "of the window, in pixels")
        ->check(number_validator<int>(320, 16'384))
        ->type_name("W H");
    program.add_option("--after-epochs", flags.after_epochs, "rest after so many epochs, or show that epoch")
        ->check(number_validator<std::uint32_t>())
        ->type_name("N");
    program.add_option("--screenshot", flags.screenshot, "write what is on screen then, and end")
        ->type_name("FILE.png");
    program.add_flag("--layout", flags.layout,
                     "write FILE.png.json beside each screenshot: where things are on it");
    CLI::App* train = program.add_subcommand("train", "Learn a filter, with the flags of `shadenet train`");
    add_train_flags(*train, flags.train);
    train->fallthrough();
    take_each_once(program);
    program.footer(
        "For example:\n"
        "  shadenet-viewer train --input photos --target photos_in_grey --output grey\n"
        "  shadenet-viewer grey\n"
        "  shadenet-viewer grey/model.safetensors holiday/*.jpg\n"
        "Exit codes are those of `shadenet`: see `shadenet --help`.");
}

/// The subject to show, read before there is a window. Empty for a new run.
Subject subject_of(const ViewerFlags& flags) {
    if (flags.files.empty()) return {};
    const fs::path first = flags.files.front();
    if (!fs::exists(first)) throw InputError(fmt::format("{}: no such file or folder", first.string()));
    if (!fs::is_directory(first))
        return read_model_subject(first, {flags.files.begin() + 1, flags.files.end()}, flags.range);
    if (!flags.range.empty()) {
        throw InputError(
            fmt::format("{}: is a run, which knows its range of pixels; leave --range out", first.string()));
    }
    if (flags.files.size() > 1) {
        throw InputError(
            fmt::format("{}: a run is shown alone; give a model, or no pictures", first.string()));
    }
    return read_run_subject(first);
}

/// To be called before there is work that an error would lose.
void check_screenshot(const fs::path& file) {
    if (file.empty()) return;
    if (lower_extension(file) != ".png") {
        throw InputError(
            fmt::format("--screenshot {}: what is on screen is written as PNG; use a name that ends in .png",
                        file.string()));
    }
    const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
    if (fs::is_directory(folder)) return;
    throw InputError(
        fmt::format("--screenshot {}: there is no folder {}; make it first", file.string(), folder.string()));
}

AppOptions app_options(const ViewerFlags& flags) {
    check_screenshot(flags.screenshot);
    return {flags.after_epochs, flags.screenshot, flags.layout};
}

int run(const ViewerFlags& flags, bool trains) {
    set_log_level(flags.train.verbose, flags.train.quiet);
    const AppOptions options = app_options(flags);
    std::optional<TrainOptions> train;
    Subject subject;
    if (trains && !flags.files.empty()) {
        throw InputError(fmt::format("{}: is not wanted with train, which has its pictures from its flags",
                                     flags.files.front()));
    }
    if (trains) {
        train = resolve(flags.train);
        check_pairs(train->training_domains(), train->size_rule());
    } else {
        subject = subject_of(flags);
    }
    const std::string& device = flags.device.empty() ? flags.train.device : flags.device;
    const std::atomic<bool>& interrupted = stop_on_interrupt();
    Window window("shadenet", flags.size.first, flags.size.second, device);
    App app(window, options);
    train ? app.train(*train) : app.show(std::move(subject));
    app.run(interrupted);
    return interrupted ? exit_after_interrupt() : exit_fine;
}

}  // namespace

int run_viewer_program(int argc, char** argv) {
    CLI::App program("A window in which a filter is learned, or looked at.", "shadenet-viewer");
    ViewerFlags flags;
    return guarded([&] {
        add_flags(program, flags);
        if (!parse(program, argc, argv)) return exit_fine;
        return run(flags, program.got_subcommand("train"));
    });
}

}  // namespace shadenet
