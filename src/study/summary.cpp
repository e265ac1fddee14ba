// summary.csv: a row for every run of a study.
#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "base/file.h"
#include "study/results.h"

namespace shadenet {

namespace {

std::string value_of(const Settings& settings, const std::string& option) {
    const auto found = std::ranges::find(settings, option, &Setting::option);
    return found == settings.end() ? "" : found->value;
}

std::string field(std::optional<double> value) {
    return value ? fmt::format("{:.9g}", *value) : "";
}

std::string row(const RunResult& run, const Settings& settings, const std::vector<std::string>& options,
                const StudyResult& result) {
    // The name has commas in it.
    std::string text = fmt::format("\"{}\"", run.run.name);
    for (const std::string& option : options) text.append(1, ',').append(value_of(settings, option));
    const std::uint64_t steps = run.history.empty() ? 0 : run.history.back().step;
    const std::uint32_t epochs = run.history.empty() ? 0 : run.history.back().epoch;
    const auto reached = result.epochs_to_threshold(run);
    fmt::format_to(std::back_inserter(text), ",{},{},{},{},{},{},{},{},{},{}", run.run.options.seed,
                   to_string(run.state), epochs, steps, field(run.train_loss()), field(run.validation_loss()),
                   field(run.best_validation_loss()), field(result.threshold),
                   reached ? fmt::format("{}", *reached) : "", field(run.seconds_per_epoch()));
    if (result.classes()) {
        for (const auto& figure : {run.train_accuracy(), run.validation_accuracy(),
                                   run.best_validation_accuracy(), run.test_loss(), run.test_accuracy()}) {
            text.append(1, ',').append(field(figure));
        }
    }
    return text + '\n';
}

}  // namespace

std::string summary_text(const StudyResult& result) {
    const std::vector<std::string> options = varied_options(result.plan);
    std::string text = "run";
    for (const std::string& option : options) text.append(1, ',').append(option);
    text +=
        ",seed,state,epochs,steps,train_loss,validation_loss,best_validation_loss,threshold,"
        "epochs_to_threshold,seconds_per_epoch";
    if (result.classes()) {
        text += ",train_accuracy,validation_accuracy,best_validation_accuracy,test_loss,test_accuracy";
    }
    text += '\n';
    for (const VariantResult& variant : result.variants) {
        for (const RunResult& run : variant.runs) {
            text += row(run, variant.variant.settings, options, result);
        }
    }
    return text;
}

void write_summary(const StudyResult& result) {
    write_file_atomically(result.plan.folder / "summary.csv", summary_text(result));
}

}  // namespace shadenet
