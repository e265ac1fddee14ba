// shadenet classify: a trained classifier on pictures, or on labelled ones.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iterator>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <spdlog/spdlog.h>

#include "apply/answer_table.h"
#include "apply/classifier_stages.h"
#include "base/counted.h"
#include "base/error.h"
#include "base/told_file.h"
#include "cli/apply_display.h"
#include "cli/classify_flags.h"
#include "cli/commands.h"
#include "cli/confusion.h"
#include "cli/device_text.h"
#include "cli/given_model.h"
#include "cli/output.h"
#include "cli/picture_run.h"
#include "cli/text.h"
#include "data/labelled/labelled_data.h"
#include "data/labelled/matched_part.h"
#include "gpu/device.h"
#include "image/image.h"
#include "model/classifier.h"
#include "task/test_part.h"

namespace shadenet {

namespace {

constexpr DisplayWords classify_words{"classified", "classified"};

/// What is told of each picture, and to whom.
class Telling {
  public:
    Telling(const ClassifyFlags& flags, std::size_t total, bool quiet)
        : display_(classify_words, total, flags.summary,
                   flags.verbose ? DisplayDetail::all : DisplayDetail::failures, quiet) {
        if (!flags.csv.empty()) table_.emplace(flags.csv);
    }
    ApplyDisplay& display() { return display_; }
    void add(const PictureOutcome& outcome) {
        display_.add(outcome);
        if (table_) table_->add(outcome);
    }
    /// The last words; see ApplyDisplay::finish(). Throws WorkError where there is no room for the table.
    bool finish(EarlierResults earlier) {
        const bool well = display_.finish(earlier);
        if (table_) table_->write();
        return well;
    }

  private:
    ApplyDisplay display_;
    std::optional<AnswerTable> table_;
};

void check_files(const ClassifyFlags& flags, const ApplyPlan& plan) {
    const auto place = [](const std::string& path) {
        return std::filesystem::weakly_canonical(std::filesystem::absolute(path));
    };
    if (!flags.summary.empty() && !flags.csv.empty() && place(flags.summary) == place(flags.csv) &&
        !is_stream(flags.csv)) {
        throw InputError(fmt::format("{}: is given as --csv and as --summary; choose two files", flags.csv));
    }
    if (!flags.summary.empty()) check_told_file(flags.summary, "--summary", plan, flags.model);
    if (!flags.csv.empty()) check_told_file(flags.csv, "--csv", plan, flags.model);
}

/// No file keeps the answers of pictures that were sorted earlier, and the table of answers needs them: the
/// model answers such pictures again, and their copies stay. `finished`: the jobs that take_finished() has
/// taken out.
void ask_again(std::vector<ApplyJob>& jobs, std::vector<ApplyJob>& finished) {
    if (finished.empty()) return;
    spdlog::info("{} sorted already and only asked again, for the answers that are to be written down",
                 finished.size() == 1 ? "1 picture is" : fmt::format("{} pictures are", finished.size()));
    std::ranges::move(finished, std::back_inserter(jobs));
    finished.clear();
    std::ranges::sort(jobs, {}, [](const ApplyJob& job) { return job.name.generic_string(); });
}

/// Returns whether it was interrupted.
bool classify_pictures(const ClassifyFlags& flags, const Model& model, const PictureRule& rule,
                       const ApplyPlan& plan, const SortedFolders* folders, Telling& telling) {
    const std::atomic<bool>& stop = stop_on_interrupt();
    const auto warn = [](const std::string& line) { spdlog::warn("{}", line); };
    PipelineOptions options = default_pipeline_options(std::thread::hardware_concurrency());
    options.under_way = classifier_batch(model);
    options = pipeline_options_of(flags, options);
    auto device = Device::open(flags.device);
    announce_work(flags, *device, options);
    CarefulClassifier classifier(classifier_streams(std::move(device), flags.device, model),
                                 options.under_way, {}, warn);
    if (folders != nullptr) {
        folders->prepare();
        if (!plan.new_results.empty()) mark_results(plan.new_results);
        remove_unfinished(folders->folders_of(plan.jobs));
    }
    ClassifierStages stages(classifier, model.classes, rule, folders);
    run_pipeline(
        plan.jobs, options, stages, stop, [&](const PictureOutcome& outcome) { telling.add(outcome); }, warn);
    return stop && telling.display().count(PictureStatus::not_done) > 0;
}

int classify_files(const ClassifyFlags& flags, const Model& model, const PictureRule& rule) {
    ApplyRequest request = request_of(flags);
    request.output_flag = "--into";
    ApplyPlan plan = plan_classification(request);
    check_files(flags, plan);
    std::optional<SortedFolders> folders;
    std::vector<ApplyJob> finished;
    if (!flags.output.empty()) {
        folders.emplace(flags.output, model.classes.names, flags.link, flags.model);
        finished = take_earlier(flags.quiet, [&](const OnChecked& tell) {
            return folders->take_finished(plan.jobs, earlier_results_of(flags), flags.model,
                                          stop_on_interrupt(), tell);
        });
    }
    if (!flags.summary.empty() || !flags.csv.empty()) ask_again(plan.jobs, finished);
    if (stop_on_interrupt()) return exit_after_interrupt();
    if (plan.single && !plan.jobs.empty() && !plan.jobs.front().read) image_size(plan.jobs.front().input);
    say_what_is_left_out(plan);
    const bool quiet = flags.quiet || !plan.nothing_taken.empty();

    Telling telling(flags, plan.jobs.size() + plan.problems.size(), quiet);
    add_all_else([&](const PictureOutcome& outcome) { telling.add(outcome); }, plan, finished);
    const bool interrupted = !plan.jobs.empty() && classify_pictures(flags, model, rule, plan,
                                                                     folders ? &*folders : nullptr, telling);
    const bool well = telling.finish(earlier_results_of(flags)) && plan.nothing_taken.empty();
    if (interrupted) return exit_after_interrupt();
    return well ? exit_fine : exit_failure;
}

/// What is answered of labelled pictures.
struct AnsweredPart {
    const char* word;  ///< "test" or "pictures"
    LabelledPictures pictures;
};

/// The test part, or of data without one all pictures.
AnsweredPart read_answered_part(const ClassifyFlags& flags, const Model& model, const PictureRule& rule) {
    LabelledData data = read_labelled_data(
        flags.data, {.coarse = flags.coarse, .as = rule.input, .stop = &stop_on_interrupt()});
    for (const std::string& warning : data.warnings) spdlog::warn("{}", warning);
    for (const std::string& note : data.notes) spdlog::info("{}", note);
    const auto matched = [&](LabelledPictures& part) {
        return matched_part(std::move(part), data.classes, model.classes, rule, flags.data);
    };
    if (data.test.size() > 0) return {"test", matched(data.test)};
    spdlog::warn(
        "{}: has no test part, and all its {} are answered; those that the model has learned from "
        "make it look better than it is",
        flags.data, counted(data.training.size(), "picture"));
    return {"pictures", matched(data.training)};
}

int classify_labelled(const ClassifyFlags& flags, const Model& model, const PictureRule& rule) {
    check_files(flags, {});
    AnsweredPart part = read_answered_part(flags, model, rule);
    const LabelledExamples examples(std::move(part.pictures), model.network.range);
    const LabelledPictures& pictures = examples.pictures();
    Telling telling(flags, pictures.size(), flags.quiet || !flags.verbose);
    const auto device = Device::open(flags.device);
    if (flags.device.empty()) warn_of_software(device->info());
    if (!flags.quiet && !flags.stats.empty()) say("statistics {}", flags.stats);
    if (!flags.quiet) say_entry("device", device_line(device->info(), device->reason()));
    const TestAnswers answers =
        answer_test(*device, model.network, model.parameters, examples, model.classes.names);
    if (!std::isfinite(answers.results.loss)) {
        throw BadResult(fmt::format("{}: the network's answers are no numbers; train again", flags.model));
    }
    const std::size_t classes = model.classes.names.size();
    for (std::uint32_t i = 0; i < pictures.size(); ++i) {
        PictureOutcome outcome{.input = pictures.names[i],
                               .output = {},
                               .status = PictureStatus::classified,
                               .width = pictures.shape.w,
                               .height = pictures.shape.h};
        const auto first = answers.logits.begin() + static_cast<std::ptrdiff_t>(i * classes);
        outcome.answer = named_answer({first, first + static_cast<std::ptrdiff_t>(classes)}, model.classes);
        outcome.answer->truth = model.classes.names[pictures.labels[i]];
        telling.add(outcome);
    }
    const bool well = telling.finish(EarlierResults::refuse);
    say_entry(part.word, to_string(answers.results));
    say("{}", confusion_lines(answers.results));
    return well ? exit_fine : exit_failure;
}

int run_classify(const ClassifyFlags& flags) {
    set_log_level(flags.verbose, flags.quiet);
    check_flags(flags);
    check_stream_flags(flags);
    Model model = read_given_model(flags.model, "");
    require_tells_classes(model, flags.model);
    use_statistics(model, flags.stats, flags.model);
    const PictureRule rule = picture_rule_of(model.classes, flags.model);
    if (flags.data.empty()) return classify_files(flags, model, rule);
    try {
        return classify_labelled(flags, model, rule);
    } catch (const Stopped&) {
        return exit_after_interrupt();
    }
}

}  // namespace

void add_classify_command(CLI::App& program, int& exit_code) {
    const auto [command, flags] = add_command(
        program, "classify", "Tell the classes of pictures with a trained model", exit_code, run_classify);
    add_classify_flags(command, flags);
    command.footer(
        "Examples:\n"
        "  shadenet classify -m run/model.safetensors -i photos -r --into sorted\n"
        "  shadenet classify -m run/model.safetensors --data mnist\n"
        "Ctrl-C finishes what has begun and stops; the same command with --resume goes on");
}

}  // namespace shadenet
