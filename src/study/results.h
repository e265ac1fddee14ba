// What the runs of a study came to, and how far apart repeats of one variant are.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "study/study_file.h"
#include "train/trainer.h"

namespace shadenet {

/// Median and ends of some values. All are 0 where there is none.
struct Spread {
    std::size_t count = 0;
    double median = 0, min = 0, max = 0;

    double width() const { return max - min; }
};

/// Of an even number of values the median is the mean of the middle two. NaN is passed over.
Spread spread_of(std::vector<double> values);

/// A figure in three digits; "never" where it is infinite.
std::string figure_text(double value);
/// A share: "97.28 %".
std::string share_text(double share);

/// One run. The losses are those of history.csv, but for the best one in validation.
struct RunResult {
    StudyRun run;
    RunState state = RunState::waiting;
    std::vector<EpochRecord> history;       ///< without the norms' statistics
    std::optional<double> floor{};          ///< of its training pictures, where that is known
    std::optional<double> lowest_logged{};  ///< of the losses in validation.csv, where there is one
    std::optional<double> best_logged{};    ///< of the accuracies there likewise
    std::optional<Score> test{};            ///< of labelled pictures, in the end
    std::string failure{};                  ///< why it failed

    bool finished() const { return state == RunState::finished; }
    std::optional<double> train_loss() const;            ///< of the last epoch
    std::optional<double> validation_loss() const;       ///< of the last epoch that has one
    std::optional<double> best_validation_loss() const;  ///< the lowest of all, within epochs too
    /// Of labelled pictures: shares of right answers, of the same epochs as the losses.
    std::optional<double> train_accuracy() const;
    std::optional<double> validation_accuracy() const;
    std::optional<double> best_validation_accuracy() const;  ///< within epochs too
    std::optional<double> test_accuracy() const { return test ? test->accuracy : std::nullopt; }
    std::optional<double> test_loss() const { return test ? std::optional(test->loss) : std::nullopt; }
    /// Of its epochs the best one in validation, or in training where it does not validate.
    std::optional<double> best_raced_accuracy() const;
    /// The first epoch whose training loss is at most `loss`.
    std::optional<std::uint32_t> epochs_to(double loss) const;
    /// The first epoch whose accuracy, as above, is at least this.
    std::optional<std::uint32_t> epochs_to_accuracy(double accuracy) const;
    std::optional<double> seconds_per_epoch() const;  ///< median of its epochs
    /// Validation loss by training loss, of the last epoch.
    std::optional<double> gap() const;
};

/// The repeats of a variant. Every spread is over its finished runs.
struct VariantResult {
    StudyVariant variant;
    std::vector<RunResult> runs;  ///< by rising seed
    std::size_t finished = 0, diverged = 0, failed = 0;
    Spread train_loss, validation_loss, best_validation_loss, seconds_per_epoch, gap;
    /// Of labelled pictures.
    Spread train_accuracy, validation_accuracy, best_validation_accuracy, test_accuracy, test_loss,
        best_raced_accuracy;
    /// Infinite for a run that does not reach the study's threshold.
    Spread epochs_to_threshold;

    bool has_norm() const { return shadenet::has_norm(variant.options.network.network()); }
};

struct StudyResult {
    StudyPlan plan;
    std::vector<VariantResult> variants;
    /// The training loss that the variants are raced to: the highest of their medians at the end, so that
    /// every variant gets there in about half of its runs or more. Those of which a run diverged are left
    /// out. Nothing before a run has finished. Of classifiers it is an accuracy: the lowest of their medians
    /// of the best one, in validation, or in training where they do not validate.
    std::optional<double> threshold;

    std::size_t finished() const { return sum(&VariantResult::finished); }
    std::size_t diverged() const { return sum(&VariantResult::diverged); }
    std::size_t failed() const { return sum(&VariantResult::failed); }
    bool validated() const;  ///< a finished run has a validation loss
    /// Its runs learn from labelled pictures.
    bool classes() const { return !plan.variants.empty() && plan.variants.front().options.learns_classes(); }
    std::optional<std::uint32_t> epochs_to_threshold(const RunResult& run) const;
    /// "a training loss of 0.5", "a validation accuracy of 96.12 %", where there is a threshold.
    std::string threshold_text() const;

  private:
    std::size_t sum(std::size_t VariantResult::*count) const {
        std::size_t all = 0;
        for (const VariantResult& variant : variants) all += variant.*count;
        return all;
    }
};

/// Reads the history of every run. Throws InputError as read_history() and read_validations() do.
StudyResult results_of(const StudyRecord& record);
/// Reads that of one run, the others staying as they were. Throws likewise.
void read_again(StudyResult& result, const StudyRun& run, const StudyRecord& record);

/// The results of runs that are there already; completes everything but the plan and the runs.
void evaluate(StudyResult& result);

/// summary.csv, a row for every run: "run", the options that are varied, "seed,state,epochs,steps,train_loss,
/// validation_loss,best_validation_loss,threshold,epochs_to_threshold,seconds_per_epoch", and of classifiers
/// "train_accuracy,validation_accuracy,best_validation_accuracy,test_loss,test_accuracy". Numbers as in
/// history.csv; an empty field where there is none.
std::string summary_text(const StudyResult& result);
/// Into the study's folder. Throws WorkError.
void write_summary(const StudyResult& result);

}  // namespace shadenet
