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
                std::optional<double> threshold) {
    // The name has commas in it.
    std::string text = fmt::format("\"{}\"", run.run.name);
    for (const std::string& option : options) text.append(1, ',').append(value_of(settings, option));
    const std::uint64_t steps = run.history.empty() ? 0 : run.history.back().step;
    const std::uint32_t epochs = run.history.empty() ? 0 : run.history.back().epoch;
    const auto reached = threshold ? run.epochs_to(*threshold) : std::nullopt;
    fmt::format_to(std::back_inserter(text), ",{},{},{},{},{},{},{},{},{},{}\n", run.run.options.seed,
                   to_string(run.state), epochs, steps, field(run.train_loss()), field(run.validation_loss()),
                   field(run.best_validation_loss()), field(threshold),
                   reached ? fmt::format("{}", *reached) : "", field(run.seconds_per_epoch()));
    return text;
}

}  // namespace

std::string summary_text(const StudyResult& result) {
    const std::vector<std::string> options = varied_options(result.plan);
    std::string text = "run";
    for (const std::string& option : options) text.append(1, ',').append(option);
    text +=
        ",seed,state,epochs,steps,train_loss,validation_loss,best_validation_loss,threshold,"
        "epochs_to_threshold,seconds_per_epoch\n";
    for (const VariantResult& variant : result.variants) {
        for (const RunResult& run : variant.runs) {
            text += row(run, variant.variant.settings, options, result.threshold);
        }
    }
    return text;
}

void write_summary(const StudyResult& result) {
    write_file_atomically(result.plan.folder / "summary.csv", summary_text(result));
}

}  // namespace shadenet
