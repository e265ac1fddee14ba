// shadenet apply: a trained filter on pictures.
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <variant>

#include <CLI/CLI.hpp>
#include <spdlog/spdlog.h>

#include "apply/jobs.h"
#include "base/error.h"
#include "cli/commands.h"
#include "cli/device_text.h"
#include "cli/output.h"
#include "cli/progress_bar.h"
#include "cli/text.h"
#include "engine/picture_filter.h"
#include "gpu/device.h"
#include "image/image.h"
#include "image/picture_file.h"
#include "model/model_file.h"
#include "train/dataset.h"

namespace shadenet {

namespace {

namespace fs = std::filesystem;

struct ApplyFlags {
    std::string model, input, output, device;
    bool quiet = false;
};

void make_folder(const fs::path& folder) {
    if (folder.empty()) return;
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) {
        throw InputError(fmt::format("{}: the folder cannot be made: {}; choose another --output",
                                     folder.string(), error.message()));
    }
}

/// Takes the picture, so that its memory is free once it is filtered.
template <class Picture>
Picture filtered(PictureFilter& filter, Picture picture) {
    return filter.apply(picture);
}

/// Filters picture after picture. One that cannot be read is reported and passed over; returns how many.
std::size_t filter_all(PictureFilter& filter, const ApplyPlan& plan, bool quiet) {
    ProgressBar progress(!quiet);
    PictureNotes notes;
    std::size_t bad = 0;
    for (std::size_t i = 0; i < plan.jobs.size(); ++i) {
        const ApplyJob& job = plan.jobs[i];
        progress.show(static_cast<double>(i), static_cast<double>(plan.jobs.size()),
                      job.input.filename().string());
        try {
            PictureReader reader(job.input);
            FilePicture file = reader.decode();
            notes.add(reader.facts().width, reader.facts().height, reader.facts().notes);
            if (auto* picture = std::get_if<Picture8>(&file.colour)) {
                write_png(job.output, filtered(filter, std::move(*picture)));
            } else {
                write_png(job.output, filtered(filter, to_image(std::get<Picture16>(file.colour))));
            }
        } catch (const InputError& error) {
            if (plan.single) throw;
            spdlog::error("{}", error.what());
            ++bad;
            continue;
        }
        progress.clear();
        if (!quiet) say("{} -> {}", job.input.string(), job.output.string());
    }
    progress.clear();
    for (const std::string& line : notes.lines()) spdlog::info("{}", line);
    return bad;
}

int run(const ApplyFlags& flags) {
    set_log_level(false, flags.quiet);
    const Model model = read_model(flags.model);
    const ApplyPlan plan = plan_application(flags.input, flags.output);
    if (plan.single) image_size(plan.jobs.front().input);
    const auto device = Device::open(flags.device);
    if (flags.device.empty()) warn_of_software(device->info());
    if (!flags.quiet) say("device: {}", device_line(device->info(), device->reason()));
    PictureFilter filter(*device, model.architecture(), model.parameters);
    make_folder(plan.new_folder);
    const std::size_t bad = filter_all(filter, plan, flags.quiet);
    if (bad == 0) return exit_fine;
    spdlog::warn("{} of {} could not be filtered", bad, count_text(plan.jobs.size(), "picture"));
    return exit_failure;
}

}  // namespace

void add_apply_command(CLI::App& program, int& exit_code) {
    CLI::App* command = program.add_subcommand("apply", "Filter pictures with a trained model");
    const auto flags = std::make_shared<ApplyFlags>();
    command->add_option("--model", flags->model, "model.safetensors of a run, or its checkpoint")
        ->required()
        ->type_name("FILE");
    command->add_option("--input", flags->input, "a picture of any size, or a folder of them")
        ->required()
        ->type_name("PATH");
    command->add_option("--output", flags->output, "the result: a .png file, or a folder for <name>.png")
        ->required()
        ->type_name("PATH");
    command->add_option("--device", flags->device, "the GPU: a number, a part of its name, or cpu")
        ->type_name("DEVICE");
    command->add_flag("-q,--quiet", flags->quiet, "only warnings and errors");
    command->footer(
        "Example:\n"
        "  shadenet apply --model grey_filter/model.safetensors --input photos --output photos_filtered");
    command->callback([flags, &exit_code] { exit_code = run(*flags); });
}

}  // namespace shadenet
