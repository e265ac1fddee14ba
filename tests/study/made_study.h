// Results of studies made up for tests: no run, only its numbers.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "study/results.h"

namespace shadenet::test {

/// A run whose losses fall evenly from 1 to `train` in four epochs of `seconds`.
inline RunResult made_run(double train, std::optional<double> validation = {}, double seconds = 1,
                          RunState state = RunState::finished) {
    RunResult run;
    run.state = state;
    for (std::uint32_t epoch = 1; epoch <= 4; ++epoch) {
        EpochRecord record;
        record.epoch = epoch;
        record.step = 2 * epoch;
        record.train_loss = epoch == 4 ? train : 1 + (train - 1) * epoch / 4;
        if (validation) record.validation_loss = epoch == 4 ? *validation : 2;
        record.seconds = seconds;
        run.history.push_back(record);
    }
    return run;
}

/// A classifier's run, whose accuracies rise evenly from 0 to these in four epochs.
inline RunResult made_class_run(double train, std::optional<double> validation, std::optional<double> test) {
    RunResult run = made_run(0.5, validation ? std::optional(0.75) : std::nullopt);
    for (EpochRecord& record : run.history) {
        record.train_accuracy = train * record.epoch / 4;
        if (validation) record.validation_accuracy = *validation * record.epoch / 4;
    }
    if (test) run.test = {1.25, test};
    return run;
}

/// A study of the option "norm" with these runs of each value.
class MadeStudy {
  public:
    MadeStudy& variant(const std::string& norm, const std::vector<RunResult>& runs) {
        StudyVariant variant{{{"norm", norm}}, {}};
        variant.options.network.two_layer.norm = norm_placement(norm);
        if (classes_) {
            variant.options.labelled = "digits";
        } else {
            variant.options.input = "before";
            variant.options.target = "after";
        }
        result_.plan.variants.push_back(variant);
        result_.plan.repeats = static_cast<std::uint32_t>(runs.size());
        VariantResult of_variant{variant, runs};
        for (std::size_t i = 0; i < runs.size(); ++i) {
            of_variant.runs[i].run.name = "norm=" + norm + ",seed=" + std::to_string(i);
            of_variant.runs[i].run.options.seed = i;
        }
        result_.variants.push_back(of_variant);
        return *this;
    }
    /// The variants that follow learn classes.
    MadeStudy& of_classes() {
        classes_ = true;
        return *this;
    }
    StudyResult result() const {
        StudyResult result = result_;
        evaluate(result);
        return result;
    }

  private:
    StudyResult result_;
    bool classes_ = false;
};

}  // namespace shadenet::test
