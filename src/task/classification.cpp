#include "task/classification.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "data/labelled/picture_rule.h"
#include "engine/stack/evaluator.h"
#include "task/test_results.h"

namespace shadenet {

namespace {

std::optional<LabelledExamples> examples_of(LabelledPictures pictures, const PixelRange& range) {
    if (pictures.size() == 0) return {};
    return LabelledExamples(std::move(pictures), range);
}

/// What an example's logits say.
struct Answer {
    std::uint32_t class_number;
    double probability, right_probability;
};

/// The lowest class of several with the largest logit, as the device has it.
Answer answer_of(std::span<const float> logits, std::uint32_t label) {
    const auto largest = std::ranges::max_element(logits);
    double sum = 0;
    for (const float logit : logits) sum += std::exp(static_cast<double>(logit) - *largest);
    return {static_cast<std::uint32_t>(largest - logits.begin()), 1 / sum,
            std::exp(static_cast<double>(logits[label]) - *largest) / sum};
}

/// Fills in the table and the worst mistakes.
void count_answers(TestResults& results, const LabelledExamples& examples, std::span<const float> logits) {
    const std::size_t classes = results.classes.size();
    results.counts.assign(classes * classes, 0);
    for (std::uint32_t i = 0; i < examples.size(); ++i) {
        const std::uint32_t label = examples.label(i);
        const Answer answer = answer_of(logits.subspan(i * classes, classes), label);
        ++results.counts[label * classes + answer.class_number];
        if (answer.class_number == label) continue;
        results.worst.push_back({i, examples.pictures().names[i], label, answer.class_number,
                                 answer.probability, answer.right_probability});
    }
    std::ranges::stable_sort(results.worst, {}, &Mistake::right_probability);
    if (results.worst.size() > TestResults::most_mistakes) results.worst.resize(TestResults::most_mistakes);
}

}  // namespace

Classification::Classification(const Device& device, LabelledParts parts, const PixelRange& range,
                               std::filesystem::path folder, std::filesystem::path results,
                               const std::atomic<bool>& stop)
    : device_(device),
      classes_(std::move(parts.classes)),
      folder_(std::move(folder)),
      results_(std::move(results)),
      hash_(std::move(parts.hash)),
      notes_(std::move(parts.notes)),
      stop_(stop),
      training_(std::move(parts.training), range, parts.augmentation),
      validation_(examples_of(std::move(parts.validation), range)),
      test_(examples_of(std::move(parts.test), range)) {}

TaskCounts Classification::counts() const {
    return {training_.size(), validation_ ? validation_->size() : 0, test_ ? test_->size() : 0,
            static_cast<std::uint32_t>(classes_.size())};
}

void Classification::describe(Model& model) const {
    const PictureRule rule = picture_rule_of(training_.pictures());
    model.classes = {classes_,         rule.input.channels,   rule.input.height,
                     rule.input.width, PictureRule::resizing, PictureRule::grey};
}

DataDifferences Classification::differences(const RunData& before) const {
    if (before.labelled == hash_) return {};
    const DataDifference all{fmt::format("{} holds others now", folder_.string()), 1};
    return {all, validation_ ? all : DataDifference{}};
}

bool Classification::publish_trained(const TrainedModels& models, TaskObserver& observer) const {
    if (!test_) return true;
    const bool best = !models.best.empty();
    const Model read = best ? read_model(models.best) : Model{};
    const Model& model = best ? read : models.last;
    ParameterBuffers parameters(device_, model.parameters);
    Evaluator evaluator(device_, model.network, parameters, *test_, loss());
    Recorder recorder(device_);
    const std::vector<float> losses = evaluator.losses(recorder);
    TestResults results{.step = best ? models.best_step : models.steps, .best = best, .classes = classes_};
    results.loss = std::accumulate(losses.begin(), losses.end(), 0.0) / static_cast<double>(losses.size());
    if (!std::isfinite(results.loss)) {
        throw BadResult(fmt::format(
            "{}: not written: the network's answers are no numbers any more; the last checkpoint is kept; "
            "try a smaller --lr, with another --output",
            results_.string()));
    }
    count_answers(results, *test_, evaluator.results(recorder));
    write_test_results(results_, results);
    observer.on_test(results);
    return !stop_;
}

}  // namespace shadenet
