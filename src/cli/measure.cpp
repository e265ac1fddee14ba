#include "cli/measure.h"

#include <system_error>

#include <CLI/CLI.hpp>
#include <spdlog/spdlog.h>

#include "apply/picture_tree.h"
#include "base/atomic_file.h"
#include "base/counted.h"
#include "base/error.h"
#include "base/file.h"
#include "base/folder_lock.h"
#include "base/picture_formats.h"
#include "cli/commands.h"
#include "cli/device_text.h"
#include "cli/given_model.h"
#include "cli/help.h"
#include "cli/measured_set.h"
#include "cli/new_file.h"
#include "cli/output.h"
#include "cli/progress_bar.h"
#include "cli/rank_devices.h"
#include "cli/same_inputs.h"
#include "cli/text.h"
#include "image/image.h"
#include "image/not_taken.h"
#include "image/pairs.h"
#include "model/classifier.h"
#include "statistics/picture_source.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

constexpr std::uint32_t most_resized_side = 16'384;  // as train's

/// Where the file is or will be: it is written through links.
fs::path folder_of(const fs::path& file) {
    const fs::path place = end_of_links(file);
    return place.has_parent_path() ? place.parent_path() : fs::path(".");
}

/// Two that change one model, or one and a run that is trained there, would undo each other's work.
FolderLock own_folder_of(const fs::path& file) {
    return FolderLock(folder_of(file), "changed",
                      "wait for it to end, or give an --output in another folder");
}

/// A long measurement is not to end at a folder that takes no file, or belongs to a run.
void require_writable_folder(const fs::path& file) {
    if (const std::error_code problem = write_problem(folder_of(file))) {
        throw InputError(
            fmt::format("{}: no file can be written in its folder: {}; give an --output in another",
                        file.string(), problem.message()));
    }
    own_folder_of(file);  // for a moment: others may measure while we do
}

void show_progress(ProgressBar& bar, const PopulationProgress& progress) {
    const std::size_t done = progress.norm * progress.pictures + progress.picture + 1;
    bar.show(static_cast<double>(done), static_cast<double>(progress.norms * progress.pictures),
             fmt::format("{}, {} of {}", progress.name, progress.picture + 1,
                         counted(progress.pictures, "picture")));
}

std::nullopt_t say_interrupted() {
    if (stop_on_interrupt()) spdlog::warn("interrupted; nothing is measured or written");
    return std::nullopt;
}

void say_measured(const Device& device, const Population& population,
                  const std::vector<std::string>& rank_lines) {
    if (shows_notes()) say_device(rank_lines, device);
    say("measured   {}, {} in all", counted(population.pictures, "picture"),
        counted(population.pixels, "pixel"));
}

/// `pictures`: files, or examples.
template <typename Pictures>
std::optional<Population> measure_with_bar(const Device& device, const Model& model, Pictures& pictures,
                                           SharedWork& work) {
    ProgressBar bar(work.group().leads());
    const PopulationOptions options{
        .on_picture = [&](const PopulationProgress& progress) { show_progress(bar, progress); },
        .stop = &stop_on_interrupt(),
        .work = &work};
    std::optional<Population> population =
        measure_population(device, model.network, model.parameters, pictures, options);
    bar.clear();
    return population;
}

/// By one process, or by the ranks together.
class MeasurePart {
  public:
    MeasurePart(const MeasureFlags& flags, SharedWork& work) : flags_(flags), work_(work) {}

    /// Of rank 0. Throws Stopped.
    std::optional<Population> lead(const Model& model, const AfterMeasuring& after) {
        return model.classes.names.empty() ? lead_files(model, after) : lead_set(model);
    }

    /// Of another rank. Throws likewise.
    void follow() {
        const std::optional<Texts> told = work_.begun();
        if (!told) return;
        Model model;
        std::optional<MeasuredSet> set;
        const auto read = [&] {
            model = read_given_model(flags_.model, flags_.range);
            require_same_model(work_.group(), flags_.model, told->front());
            if (model.classes.names.empty()) return;
            // Rank 0 has said what is wrong with the pictures.
            spdlog::set_level(spdlog::level::err);
            set.emplace(read_measured_set(flags_, model));
            set_log_level(false, true);
            require_same_labelled(work_.group(), set->examples.pictures(), flags_.input, told->at(1));
        };
        if (!open(read)) return;
        if (set) {
            measure_with_bar(*device_, model, set->examples, work_);
        } else {
            PicturesInFiles pictures = in_files({told->begin() + 1, told->end()});
            measure_with_bar(*device_, model, pictures, work_);
        }
    }

  private:
    std::optional<Population> lead_files(const Model& model, const AfterMeasuring& after) {
        std::vector<fs::path> paths = listed_pictures(flags_.input, flags_.recursive);
        Texts texts = {model_id(work_.group(), flags_.model)};
        for (const fs::path& path : paths) texts.push_back(path.string());
        work_.begin(texts);
        if (!open([] {})) return std::nullopt;
        PicturesInFiles pictures = in_files(std::move(paths));
        std::optional<Population> population = measure_with_bar(*device_, model, pictures, work_);
        if (!population) return say_interrupted();
        warn_of_unreadable(pictures.size() - population->pictures, pictures.size());
        say_measured(*device_, *population, rank_lines_);
        if (after) after(*device_, pictures, *population);
        return population;
    }

    std::optional<Population> lead_set(const Model& model) {
        const MeasuredSet set = read_measured_set(flags_, model);
        work_.begin(
            {model_id(work_.group(), flags_.model), labelled_id(work_.group(), set.examples.pictures())});
        if (!open([] {})) return std::nullopt;
        std::optional<Population> population = measure_with_bar(*device_, model, set.examples, work_);
        if (!population) return say_interrupted();
        say_measured(*device_, *population, rank_lines_);
        return population;
    }

    /// Returns whether all ranks could prepare, and have a device.
    bool open(const std::function<void()>& prepare) {
        if (work_.is_shared()) rank_lines_ = rank_lines(flags_.device);
        return work_.all_ready([&] {
            prepare();
            device_ = open_device(flags_);
        });
    }

    PicturesInFiles in_files(std::vector<fs::path> paths) const {
        return {std::move(paths), flags_.size, [](const std::string& why) { spdlog::warn("{}", why); }};
    }

    const MeasureFlags& flags_;
    SharedWork& work_;
    std::vector<std::string> rank_lines_;
    std::unique_ptr<Device> device_;
};

bool same_network(const Model& a, const Model& b) {
    const auto same = [](const NamedTensor& one, const NamedTensor& other) {
        return one.name == other.name && one.values == other.values;
    };
    const auto &first = a.parameters.tensors(), &second = b.parameters.tensors();
    return a.network == b.network &&
           std::equal(first.begin(), first.end(), second.begin(), second.end(), same);
}

}  // namespace

std::vector<fs::path> listed_pictures(const fs::path& input, bool recursive) {
    std::error_code error;
    const fs::file_status status = fs::status(input, error);
    if (!fs::exists(status)) throw InputError(fmt::format("{}: no such file or folder", input.string()));
    if (!fs::is_directory(status)) {
        image_size(input);
        return {input};
    }
    PictureTree tree = list_pictures(input, recursive, {});
    for (const Problem& problem : tree.problems) spdlog::warn("{}", problem.message);
    if (tree.links > 0) spdlog::info("{} not followed", counted(tree.links, "link"));
    for (const fs::path& folder : tree.results) {
        spdlog::info("{}: holds results of apply and is passed over", folder.string());
    }
    NotTaken not_taken;
    for (const ListedPicture& picture : tree.foreign) not_taken.add(picture.path);
    if (!not_taken.empty()) spdlog::warn("{}: {}", input.string(), not_taken.line());
    if (tree.pictures.empty()) {
        throw InputError(fmt::format("{}: holds no picture (" SHADENET_PICTURE_EXTENSIONS "){}",
                                     input.string(),
                                     recursive ? "" : "; -r looks into the folders below it too"));
    }
    std::vector<fs::path> paths;
    for (ListedPicture& picture : tree.pictures) paths.push_back(std::move(picture.path));
    return paths;
}

void add_size_flag(CLI::App& command, MeasureFlags& flags, const std::string& what) {
    add_number(command, "-s,--size", flags.size, what + "; 0 keeps their size", 0, most_resized_side, "SIZE");
}

void add_measure_flags(CLI::App& command, MeasureFlags& flags) {
    add_valued(command, "-m,--model,MODEL", flags.model, "model.safetensors of a run, or its checkpoint",
               "FILE")
        ->required();
    add_valued(command, "-i,--input", flags.input,
               "the pictures, as they are before the filter: a folder, or one; of a classifier also a folder "
               "of labelled ones, as train --data takes it",
               "PATH")
        ->required();
    command.add_flag("-r,--recursive", flags.recursive, "the folders below the input, too");
    add_size_flag(command, flags, "resize pictures to squares of this side");
    add_range_flag(command, flags.range);
    add_device_flag(command, flags.device, "-g,--device");
}

void add_output_flags(CLI::App& command, MeasureFlags& flags, const std::string& what) {
    add_valued(command, "-o,--output", flags.output, what, "FILE");
    command.add_flag("--overwrite", flags.overwrite, "replace the file of --output that is there");
}

void warn_of_unreadable(std::size_t unreadable, std::size_t pictures) {
    if (unreadable == 0) return;
    spdlog::warn("{} of {} left out, because {} could not be read", unreadable, counted(pictures, "picture"),
                 unreadable == 1 ? "it" : "they");
}

std::unique_ptr<Device> open_device(const MeasureFlags& flags) {
    auto device = Device::open(flags.device);
    if (flags.device.empty() && this_group().leads()) warn_of_software(device->info());
    return device;
}

Model read_measured_model(const MeasureFlags& flags) {
    Model model = read_given_model(flags.model, flags.range);
    for (const std::string& note : model.notes) spdlog::info("{}", note);
    require_takes_pictures(model, flags.model);
    if (!has_norm(model.network)) {
        throw InputError(
            fmt::format("{}: its network has no batch norm, and so no statistics; train one with "
                        "--norm before or after",
                        flags.model));
    }
    return model;
}

void check_output(const MeasureFlags& flags) {
    if (!flags.output.empty()) {
        if (same_file(flags.output, flags.model)) {
            throw InputError(
                fmt::format("{}: is the model; leave --output out to change it itself", flags.output));
        }
        check_new_file(flags.output, "--output", flags.overwrite);
        return require_writable_folder(flags.output);
    }
    if (flags.overwrite) throw InputError("--overwrite is for the file of --output; give --output too");
    const SafeTensors file = read_safetensors(flags.model);
    if (file.metadata.contains("step")) {
        throw InputError(
            fmt::format("{}: is a checkpoint, which training goes on from as it is; use the "
                        "run's model.safetensors, or give --output",
                        flags.model));
    }
    if (model_from(file, flags.model).assumed) {
        throw InputError(
            fmt::format("{}: is of another program, whose names would be lost; give --output", flags.model));
    }
    require_writable_folder(flags.model);
}

std::optional<Population> measure_pictures(const MeasureFlags& flags, const Model& model, SharedWork& work,
                                           const AfterMeasuring& after) {
    try {
        return MeasurePart(flags, work).lead(model, after);
    } catch (const Stopped&) {
        return say_interrupted();
    }
}

int exit_without_population() {
    return stop_on_interrupt() ? exit_after_interrupt() : exit_fine;
}

int follow_measurement(const MeasureFlags& flags) {
    set_log_level(false, true);
    SharedWork work(this_group());
    return work.leave(reported([&] {
        try {
            MeasurePart(flags, work).follow();
        } catch (const Stopped&) {
            // which rank 0 says
        }
        return exit_without_population();
    }));
}

fs::path change_model(const MeasureFlags& flags, const Model& measured,
                      const std::function<void(Model&)>& change) {
    const fs::path place = flags.output.empty() ? flags.model : flags.output;
    const FolderLock lock = own_folder_of(place);
    Model model = read_given_model(flags.model, flags.range);
    if (!same_network(model, measured)) {
        throw WorkError(
            fmt::format("{}: was written anew while its pictures were measured; run it again", flags.model));
    }
    change(model);
    write_model(place, model);
    return place;
}

}  // namespace shadenet
