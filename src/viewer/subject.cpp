#include "viewer/subject.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/one_line.h"
#include "cli/given_model.h"
#include "data/batches.h"
#include "image/not_taken.h"
#include "model/model_file.h"
#include "task/mistake_pictures.h"
#include "train/logs/epoch_log.h"
#include "train/logs/floor.h"
#include "train/logs/history.h"
#include "train/run_folder.h"
#include "train/solve.h"
#include "train/solved_model.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

std::string last_name(fs::path folder) {
    folder = fs::absolute(folder).lexically_normal();
    return on_one_line((folder.has_filename() ? folder : folder.parent_path()).filename().string());
}

std::vector<PictureFiles> pictures_in(const fs::path& file_or_folder, PictureGroup group) {
    std::vector<PictureFiles> pictures;
    for (const fs::path& file : list_images_or_file(file_or_folder)) {
        pictures.push_back({on_one_line(file.stem().string()), group, file, {}, 0});
    }
    return pictures;
}

template <class Work>
void noting(std::vector<std::string>& notes, const Work& work) {
    try {
        work();
    } catch (const InputError& error) {
        notes.emplace_back(error.what());
    }
}

/// Adds the batch statistics of the epochs, which only the epoch log has.
void add_batch_statistics(const std::vector<EpochState>& states, std::vector<EpochRecord>& records) {
    for (EpochRecord& record : records) {
        if (record.epoch >= states.size()) continue;
        for (const NormStatistics& known : states[record.epoch].norms) {
            for (NormStatistics& norm : record.norms) {
                if (norm.name != known.name) continue;
                norm.batch_mean = known.batch_mean;
                norm.batch_variance = known.batch_variance;
            }
        }
    }
}

/// Puts every channel in the place of quantiles, which is what history.csv has of many; none where the epoch
/// is not known.
void add_channels(const std::vector<EpochState>& states, std::vector<EpochRecord>& records) {
    for (EpochRecord& record : records) {
        const bool known = record.epoch < states.size() && states[record.epoch].known;
        for (NormStatistics& norm : record.norms) {
            if (!norm.quantiles) continue;
            norm = {norm.name, {}, {}, norm.batch_mean, norm.batch_variance};
            if (!known) continue;
            const Parameters& state = states[record.epoch].parameters;
            norm.moving_mean = state.at(norm.name + ".running_mean").values;
            norm.moving_variance = state.at(norm.name + ".running_var").values;
        }
    }
}

/// The last state of a run that kept no epochs.
Parameters latest_parameters(const fs::path& folder) {
    const RunPaths run(folder);
    return read_model(fs::exists(run.model()) ? run.model() : run.checkpoint()).parameters;
}

/// The pictures of a run as far as their folders still exist: training pairs, then validation, then test. A
/// missing folder becomes a note.
std::vector<PictureFiles> pictures_of(const TrainOptions& options, std::vector<std::string>& notes) {
    std::vector<PictureFiles> pictures;
    if (options.learns_classes()) return pictures;
    const auto add_pairs = [&](const fs::path& input, const fs::path& target, PictureGroup group,
                               const std::string& prefix = "") {
        noting(notes, [&] {
            for (const ImagePair& pair : pair_images(input, target)) {
                const std::string name = prefix + on_one_line(pair.stem);
                pictures.push_back({name, group, pair.input, pair.target, options.resize ? options.size : 0});
            }
        });
    };
    if (options.domains.empty()) add_pairs(options.input, options.target, PictureGroup::training);
    if (options.domains.size() > 1) {
        notes.push_back(fmt::format("the results of all streams are shown by the statistics of the first, {}",
                                    options.domains.front().name));
    }
    for (const Domain& domain : options.domains) {
        add_pairs(domain.input, domain.target, PictureGroup::training, domain.name + "_");
    }
    if (!options.validation_input.empty()) {
        add_pairs(options.validation_input, options.validation_target, PictureGroup::validation);
    }
    if (!options.test.empty()) {
        noting(notes, [&] {
            const std::vector<PictureFiles> tests = pictures_in(options.test, PictureGroup::test);
            pictures.insert(pictures.end(), tests.begin(), tests.end());
        });
    }
    return pictures;
}

}  // namespace

std::vector<PictureFiles> dropped_pictures(const fs::path& file_or_folder) {
    return pictures_in(file_or_folder, PictureGroup::dropped);
}

std::vector<PictureFiles> mistake_files(const fs::path& run, const TestResults& test) {
    std::vector<PictureFiles> files;
    for (const Mistake& mistake : test.worst) {
        const fs::path picture = mistake_picture(RunPaths(run).images(), mistake);
        if (!fs::exists(picture)) break;  // those of further mistakes are not written
        files.push_back({on_one_line(mistake.name), PictureGroup::test, picture, {}, 0});
    }
    return files;
}

Subject subject_of(const TrainOptions& options) {
    Subject subject{last_name(options.output), {}, options, {}, {}};
    subject.story.network = options.network.network();
    subject.story.decay = slowest_decay(subject.story.network);
    subject.story.epochs = options.epochs;
    subject.pictures = pictures_of(options, subject.notes);
    const auto pairs = std::count_if(subject.pictures.begin(), subject.pictures.end(),
                                     [](auto& picture) { return picture.group == PictureGroup::training; });
    subject.story.of_crops = options.takes_crops();
    subject.story.classes = options.learns_classes();
    if (pairs == 0) return subject;
    const std::vector<std::uint32_t> all = {static_cast<std::uint32_t>(pairs) *
                                            (options.takes_crops() ? options.crops : 1)};
    const StepRule rule = options.step_rule();
    subject.story.examples = static_cast<std::uint32_t>(examples_of_epoch(all, rule));
    subject.story.steps_per_epoch = steps_of_epoch(all, rule);
    return subject;
}

Subject read_run_subject(const fs::path& folder) {
    const RunPaths run(folder);
    if (!fs::exists(run.config())) {
        throw InputError(
            fmt::format("{}: holds no run (there is no config.json); give the --output of a `shadenet "
                        "train`, or a model and pictures",
                        folder.string()));
    }
    TrainOptions options = read_config(run.config());
    options.output = folder;  // it may have been moved
    Subject subject = subject_of(options);
    read_epochs(folder, subject.story, subject.notes);
    noting(subject.notes, [&] {
        if (const auto floor = read_floor(run.floor())) subject.story.floor = floor->loss;
    });
    noting(subject.notes, [&] {
        if (!options.learns_classes() || !fs::exists(run.test())) return;
        subject.story.test = read_test_results(run.test());
        subject.pictures = mistake_files(folder, *subject.story.test);
    });
    noting(subject.notes, [&] {
        if (!fs::exists(run.checkpoint())) return;
        if (std::optional<Model> model = solved_model(run, read_safetensors(run.checkpoint()))) {
            subject.story.solved = SolvedEnd{solved_line(model->solved->gain), std::move(model->parameters)};
        }
    });
    noting(subject.notes, [&] {
        if (fs::exists(run.quality())) subject.story.quality = read_quality(run.quality());
    });
    if (!subject.story.records.empty()) {
        const EpochRecord& last = subject.story.records.back();
        subject.story.steps_per_epoch = static_cast<std::uint32_t>(last.step / last.epoch);
    }
    if (std::all_of(subject.story.parameters.begin(), subject.story.parameters.end(),
                    [](const Parameters& state) { return state.tensors().empty(); })) {
        const std::vector<EpochRecord>& records = subject.story.records;
        subject.story.parameters.assign(records.empty() ? 1 : records.back().epoch + std::size_t{1}, {});
        subject.story.parameters.back() = latest_parameters(folder);
    }
    return subject;
}

void read_epochs(const fs::path& folder, RunStory& story, std::vector<std::string>& notes) {
    const RunPaths run(folder);
    noting(notes, [&] { story.records = read_history(run.history(), story.network); });
    noting(notes, [&] {
        std::vector<EpochState> states = read_epoch_log(run.epochs(), story.network);
        add_batch_statistics(states, story.records);
        add_channels(states, story.records);
        story.parameters.clear();
        for (EpochState& state : states) {
            story.parameters.push_back(state.known ? std::move(state.parameters) : Parameters());
        }
    });
}

Subject read_model_subject(const fs::path& model, const std::vector<fs::path>& pictures,
                           const std::string& range) {
    Model read = read_given_model(model.string(), range);
    require_keeps_pictures(read.network);
    Subject subject;
    subject.title = on_one_line(model.filename().string());
    subject.story.network = read.network;
    subject.story.parameters = {std::move(read.parameters)};
    subject.notes = std::move(read.notes);
    for (const fs::path& one : pictures) {
        const std::vector<PictureFiles> more = dropped_pictures(one);
        subject.pictures.insert(subject.pictures.end(), more.begin(), more.end());
    }
    const std::vector<std::string> not_taken = not_taken_in(pictures);
    subject.notes.insert(subject.notes.end(), not_taken.begin(), not_taken.end());
    return subject;
}

}  // namespace shadenet
