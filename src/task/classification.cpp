#include "task/classification.h"

#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "data/job_pairs.h"
#include "data/labelled/picture_rule.h"
#include "group/rounds.h"
#include "group/texts.h"
#include "group/values.h"
#include "task/mistake_pictures.h"
#include "task/test_part.h"

namespace shadenet {

namespace {

std::optional<LabelledExamples> examples_of(LabelledPictures pictures, const PixelRange& range) {
    if (pictures.size() == 0) return {};
    return LabelledExamples(std::move(pictures), range);
}

ModelClasses remembered(const LabelledParts& parts) {
    const auto [channels, height, width] = picture_rule_of(parts.training).input;
    return {parts.classes, channels, height, width, PictureRule::resizing, PictureRule::grey};
}

}  // namespace

Classification::Classification(const Device& device, LabelledParts parts, const PixelRange& range,
                               std::filesystem::path folder, std::filesystem::path results,
                               std::filesystem::path images, const std::atomic<bool>& stop)
    : device_(device),
      classes_(remembered(parts)),
      folder_(std::move(folder)),
      results_(std::move(results)),
      images_(std::move(images)),
      hash_(std::move(parts.hash)),
      notes_(std::move(parts.notes)),
      warnings_(std::move(parts.warnings)),
      stop_(stop),
      training_(std::move(parts.training), range, parts.augmentation, classes_),
      validation_(examples_of(std::move(parts.validation), range)),
      test_(examples_of(std::move(parts.test), range)) {}

void Classification::join(Group& group) {
    group_ = &group;
    const Texts of_leader = broadcast_texts(group, {hash_});
    if (!group.leads()) require_same_pictures(differences({.labelled = of_leader.front()}).training);
}

TaskCounts Classification::counts() const {
    return {training_.size(), validation_ ? validation_->size() : 0, test_ ? test_->size() : 0,
            static_cast<std::uint32_t>(classes_.names.size())};
}

DataDifferences Classification::differences(const RunData& before) const {
    if (before.labelled == hash_) return {};
    const DataDifference all{fmt::format("{} holds others", folder_.string()), 1};
    return {all, validation_ ? all : DataDifference{}};
}

bool Classification::publish_trained(const TrainedModels& models, TaskObserver& observer) const {
    if (!test_) return true;
    const bool best = !models.best.empty();
    const Model read = best ? read_model(models.best) : Model{};
    const Model& model = best ? read : models.last;
    Parameters parameters = model.parameters;
    TestResults results = test_results(shared_answers(model.network, parameters), *test_, classes_.names);
    results.step = best ? models.best_step : models.steps;
    results.best = best;
    if (!std::isfinite(results.loss)) {
        throw BadResult(fmt::format(
            "{}: not written: the network's answers are no numbers any more; the last checkpoint is kept; "
            "try a smaller --lr, with another --output",
            results_.string()));
    }
    write_mistake_pictures(images_, results, test_->pictures());
    write_test_results(results_, results);
    observer.on_test(results);
    return !stop_;
}

void Classification::publish_along(const Network& network, bool trained) const {
    if (!trained || !test_) return;
    Parameters parameters = initial_parameters(network, 0);
    shared_answers(network, parameters);
}

/// By rank 0's parameters, which the others then have. All ranks call it together, and rank 0 gets the
/// answers about all pictures, the others none.
TestAnswers Classification::shared_answers(const Network& network, Parameters& parameters) const {
    broadcast_values(*group_, parameters.places());
    Texts own;
    const auto answer_own = [&](std::uint32_t) {
        own = to_texts(answer_test(device_, network, parameters, *test_, {group_->rank(), group_->size()}));
    };
    if (!do_rounds(*group_, {.count = 1, .work = answer_own})) return {};
    return joined_answers(collect_texts(*group_, own));
}

std::vector<std::filesystem::path> Classification::results_of(const RunData&) const {
    return mistake_pictures_in(images_);
}

}  // namespace shadenet
