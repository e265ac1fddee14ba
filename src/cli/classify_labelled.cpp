#include "cli/classify_labelled.h"

#include <cmath>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <spdlog/spdlog.h>

#include "apply/answer_table.h"
#include "apply/classifier_stages.h"
#include "base/counted.h"
#include "base/error.h"
#include "cli/apply_display.h"
#include "cli/commands.h"
#include "cli/confusion.h"
#include "cli/device_text.h"
#include "cli/output.h"
#include "cli/rank_devices.h"
#include "cli/same_inputs.h"
#include "data/labelled/labelled_data.h"
#include "data/labelled/matched_part.h"
#include "gpu/device.h"
#include "model/classifier.h"
#include "task/test_part.h"

namespace shadenet {

namespace {

/// The part of one process. A rank reads all pictures, and answers a part of them; a process alone answers
/// all.
class LabelledPart {
  public:
    LabelledPart(const ClassifyFlags& flags, SharedWork& work)
        : flags_(flags), work_(work), talks_(work.group().leads()) {}

    int lead() {
        check_told_files(flags_, {});
        read();
        work_.begin({model_id(work_.group(), flags_.model), labelled_id(work_.group(), pictures())});
        return answer([&] { make_ready(); });
    }

    int follow() {
        const std::optional<Texts> of_leader = work_.begun();
        if (!of_leader) return exit_fine;
        return answer([&] {
            require_same_model(work_.group(), flags_.model, of_leader->at(0));
            read();
            require_same_labelled(work_.group(), pictures(), flags_.data, of_leader->at(1));
            make_ready();
        });
    }

  private:
    /// The model, and the test part, or of data without one all pictures.
    void read() {
        model_ = read_classifier(flags_);
        const PictureRule rule = picture_rule_of(model_.classes, flags_.model);
        LabelledData data = read_labelled_data(
            flags_.data, {.coarse = flags_.coarse, .as = rule.input, .stop = &stop_on_interrupt()});
        if (talks_) say_of(data);
        if (data.test.size() == 0) word_ = "pictures";
        examples_.emplace(matched_part(std::move(data.test.size() > 0 ? data.test : data.training),
                                       data.classes, model_.classes, rule, flags_.data),
                          model_.network.range);
    }

    void say_of(const LabelledData& data) const {
        for (const std::string& warning : data.warnings) spdlog::warn("{}", warning);
        for (const std::string& note : data.notes) spdlog::info("{}", note);
        if (data.test.size() > 0) return;
        spdlog::warn(
            "{}: has no test part, and all its {} are answered; those that the model has learned from "
            "make it look better than it is",
            flags_.data, counted(data.training.size(), "picture"));
    }

    const LabelledPictures& pictures() const { return examples_->pictures(); }

    void make_ready() {
        if (talks_) {
            display_.emplace(DisplayWords{"classified", "classified"}, pictures().size(), flags_.summary,
                             flags_.verbose ? DisplayDetail::all : DisplayDetail::failures,
                             flags_.quiet || !flags_.verbose);
            if (!flags_.csv.empty()) table_.emplace(flags_.csv);
        }
        device_ = Device::open(flags_.device);
        if (!talks_) return;
        if (flags_.device.empty()) warn_of_software(device_->info());
        if (!flags_.quiet && !flags_.stats.empty()) say("statistics {}", flags_.stats);
        if (!flags_.quiet) say_device(rank_lines_, *device_);
    }

    int answer(const std::function<void()>& prepare) {
        if (work_.is_shared()) rank_lines_ = rank_lines(flags_.device);
        if (!work_.all_ready(prepare)) return exit_fine;
        const std::vector<Texts> all = work_.gather([&] {
            return to_texts(answer_test(*device_, model_.network, model_.parameters, *examples_,
                                        {work_.part(), work_.parts()}));
        });
        if (all.empty() || !talks_) return exit_fine;
        return tell(joined_answers(all));
    }

    int tell(const TestAnswers& answers) {
        const TestResults results = test_results(answers, *examples_, model_.classes.names);
        if (!std::isfinite(results.loss)) {
            throw BadResult(
                fmt::format("{}: the network's answers are no numbers; train again", flags_.model));
        }
        const std::size_t classes = model_.classes.names.size();
        for (std::uint32_t i = 0; i < pictures().size(); ++i) {
            PictureOutcome outcome{.input = pictures().names[i],
                                   .output = {},
                                   .status = PictureStatus::classified,
                                   .width = pictures().shape.w,
                                   .height = pictures().shape.h};
            const auto first = answers.logits.begin() + static_cast<std::ptrdiff_t>(i * classes);
            outcome.answer =
                named_answer({first, first + static_cast<std::ptrdiff_t>(classes)}, model_.classes);
            outcome.answer->truth = model_.classes.names[pictures().labels[i]];
            display_->add(outcome);
            if (table_) table_->add(outcome);
        }
        const bool well = display_->finish({});
        if (table_) table_->write();
        say_entry(word_, to_string(results));
        say("{}", confusion_lines(results));
        return well ? exit_fine : exit_failure;
    }

    const ClassifyFlags& flags_;
    SharedWork& work_;
    const bool talks_;
    const char* word_ = "test";
    Model model_;
    std::optional<LabelledExamples> examples_;
    std::vector<std::string> rank_lines_;
    std::optional<ApplyDisplay> display_;
    std::optional<AnswerTable> table_;
    std::unique_ptr<Device> device_;
};

}  // namespace

int classify_labelled(const ClassifyFlags& flags, SharedWork& work) {
    return LabelledPart(flags, work).lead();
}

int follow_labelled(const ClassifyFlags& flags, SharedWork& work) {
    return LabelledPart(flags, work).follow();
}

}  // namespace shadenet
