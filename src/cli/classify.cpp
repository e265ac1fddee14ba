// shadenet classify: a trained classifier on pictures, or on labelled ones.
#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <spdlog/spdlog.h>

#include "apply/answer_table.h"
#include "apply/classifier_stages.h"
#include "base/error.h"
#include "cli/classify_flags.h"
#include "cli/classify_labelled.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/picture_part.h"
#include "cli/picture_run.h"
#include "gpu/device.h"
#include "model/classifier.h"

namespace shadenet {

namespace {

void warn_of_work(const std::string& line) {
    spdlog::warn("{}", line);
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

/// Of pictures in files.
class ClassifyPart : public PicturePart {
  public:
    ClassifyPart(const ClassifyFlags& flags, SharedPictures& shared)
        : PicturePart(flags, shared, {"classified", "classified"}), flags_(flags) {}

  private:
    Model read_model() override {
        Model model = read_classifier(flags_);
        rule_ = picture_rule_of(model.classes, flags_.model);
        return model;
    }

    ApplyPlan make_plan() override {
        ApplyRequest request = request_of(flags_);
        request.output_flag = "--into";
        ApplyPlan plan = plan_classification(request);
        check_told_files(flags_, plan);
        if (!flags_.csv.empty()) table_.emplace(flags_.csv);
        return plan;
    }

    /// Where pictures are sorted.
    const SortedFolders* folders() {
        if (!folders_ && !flags_.output.empty())
            folders_.emplace(flags_.output, model().classes.names, flags_.link, flags_.model);
        return folders_ ? &*folders_ : nullptr;
    }

    EarlierFindings take_finished(std::vector<ApplyJob>& jobs, const OnChecked& tell) override {
        if (folders() == nullptr) return {};
        EarlierFindings findings = folders()->take_finished(jobs, earlier_results_of(flags_), flags_.model,
                                                            stop_on_interrupt(), tell);
        if (flags_.writes_answers()) ask_again(jobs, findings.finished);
        return findings;
    }

    bool tells_in_files() const override { return flags_.writes_answers(); }

    DisplayDetail detail() const override {
        return flags_.verbose ? DisplayDetail::all : DisplayDetail::failures;
    }

    void open_device(const std::vector<std::string>& rank_lines) override {
        options_ = default_pipeline_options(std::thread::hardware_concurrency(), this_group().local().ranks);
        options_.under_way = classifier_batch(model());
        options_ = pipeline_options_of(flags_, options_);
        auto device = Device::open(flags_.device);
        announce_work(flags_, *device, options_, rank_lines);
        classifier_.emplace(classifier_streams(std::move(device), flags_.device, model()), options_.under_way,
                            CarefulClassifier::Check(), warn_of_work);
        folders();
    }

    void work_on(const std::vector<ApplyJob>& jobs, const OnOutcome& on_outcome) override {
        if (folders() != nullptr) {
            folders()->prepare();
            if (!plan().new_results.empty()) mark_results(plan().new_results);
            remove_unfinished(folders()->folders_of(jobs));
        }
        ClassifierStages stages(*classifier_, model().classes, rule_, folders());
        run_pipeline(jobs, options_, stages, stop_on_interrupt(), on_outcome, warn_of_work);
    }

    void note(const PictureOutcome& outcome) override {
        if (table_) table_->add(outcome);
    }
    void write_notes() override {
        if (table_) table_->write();
    }

    const ClassifyFlags& flags_;
    PictureRule rule_;
    PipelineOptions options_;
    std::optional<AnswerTable> table_;
    std::optional<SortedFolders> folders_;
    std::optional<CarefulClassifier> classifier_;
};

int labelled_part(const ClassifyFlags& flags, int (*part)(const ClassifyFlags&, SharedWork&)) {
    SharedWork work(this_group());
    return work.leave(reported([&] {
        try {
            if (work.group().leads()) check_flags(flags);  // what is wrong with them is said once
            return part(flags, work);
        } catch (const Stopped&) {
            return exit_after_interrupt();
        }
    }));
}

int run_classify(const ClassifyFlags& flags) {
    set_log_level(flags.verbose, flags.quiet);
    if (!flags.data.empty()) return labelled_part(flags, classify_labelled);
    SharedPictures shared(this_group());
    return shared.leave(reported([&] {
        check_flags(flags);
        check_shard_flag(flags);
        check_stream_flags(flags);
        return ClassifyPart(flags, shared).lead();
    }));
}

int follow_classify(const ClassifyFlags& flags) {
    set_log_level(false, true);
    if (!flags.data.empty()) return labelled_part(flags, follow_labelled);
    SharedPictures shared(this_group());
    return shared.leave(reported([&] { return ClassifyPart(flags, shared).follow(); }));
}

}  // namespace

void add_classify_command(CLI::App& program, int& exit_code) {
    const auto [command, flags] =
        add_command(program, "classify", "Tell the classes of pictures with a trained model", exit_code,
                    run_classify, follow_classify);
    add_classify_flags(command, flags);
    command.footer(
        "Examples:\n"
        "  shadenet classify -m run/model.safetensors -i photos -r --into sorted\n"
        "  shadenet classify -m run/model.safetensors --data mnist\n"
        "Ctrl-C finishes what has begun and stops; with --into, --resume goes on");
}

}  // namespace shadenet
