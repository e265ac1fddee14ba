#include "apply/classifier_stages.h"

#include <fmt/format.h>

#include "model/answer.h"

namespace shadenet {

namespace {

struct ClassifiedPicture : PictureStages::Loaded {
    ClassifiedPicture(Levels the_levels, bool had_floats)
        : levels(std::move(the_levels)), floats(had_floats) {}
    Levels levels;
    bool floats;
    Logits logits{};
};

ClassifiedPicture& classified(PictureStages::Loaded& loaded) {
    return static_cast<ClassifiedPicture&>(loaded);
}

}  // namespace

std::uint64_t ClassifierStages::memory_kept(const ApplyJob&, const PictureFacts&) const {
    return std::uint64_t{rule_.input.channels} * rule_.input.height * rule_.input.width;
}

/// As decoded, as floats, the centre of these, and what becomes of them at the model's size.
std::uint64_t ClassifierStages::memory_needed(const ApplyJob& job, const PictureFacts& facts) const {
    const std::uint64_t pixels = std::uint64_t{facts.width} * facts.height;
    constexpr std::uint64_t floats = 3 * sizeof(float);
    std::uint64_t each = 3 * facts.sample_bytes() + 2 * floats;
    if (facts.alpha) each += facts.floats ? 4 : 2;
    if (facts.progressive) each += 6;  // all coefficients
    const std::uint64_t result = std::uint64_t{rule_.input.height} * rule_.input.width;
    return facts.file_bytes + pixels * each + result * (2 * floats + 3) + memory_kept(job, facts);
}

std::unique_ptr<PictureStages::Loaded> ClassifierStages::load(const ApplyJob& job,
                                                              PictureReader& reader) const {
    const bool floats = reader.facts().floats;
    return std::make_unique<ClassifiedPicture>(labelled_levels(to_image(reader.decode(), job.input), rule_),
                                               floats);
}

void ClassifierStages::begin(Loaded& picture) {
    classifier_.begin(classified(picture).levels);
}

std::string ClassifierStages::finish_next(Loaded& oldest) {
    CarefulClassifier::Finished finished = classifier_.finish_next();
    classified(oldest).logits = std::move(finished.output);
    return finished.failure;
}

void ClassifierStages::save(const ApplyJob& job, Loaded& picture, PictureOutcome& outcome) const {
    const Logits& logits = classified(picture).logits;
    NamedAnswer answer = named_answer(logits, classes_);
    if (folders_ != nullptr) {
        const Placed placed = folders_->place(job, answer.label);
        outcome.output = placed.path;
        outcome.output_bytes = placed.bytes;
        for (const std::filesystem::path& other : placed.others) {
            outcome.notes.push_back(
                fmt::format("another file of its name stays in {}", other.parent_path().string()));
        }
    }
    if (classified(picture).floats) outcome.notes.emplace_back("floats became 256 levels, clamped to 0 to 1");
    outcome.answer = std::move(answer);
    outcome.status = PictureStatus::classified;
}

NamedAnswer named_answer(const std::vector<float>& logits, const ModelClasses& classes) {
    const Answer answer = answer_of(logits);
    return {.label = classes.names[answer.class_number],
            .runner_up = classes.names[answer.runner_up],
            .probability = answer.probability,
            .runner_up_probability = answer.runner_up_probability};
}

}  // namespace shadenet
