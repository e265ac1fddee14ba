// A picture is to be told its class: labelled pictures are learned from, and the test part is answered.
#pragma once

#include <atomic>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "data/labelled_examples.h"
#include "group/group.h"
#include "task/task.h"
#include "task/test_part.h"

namespace shadenet {

class Device;

/// Labelled pictures, as they are split.
struct LabelledParts {
    std::vector<std::string> classes{};
    LabelledPictures training, validation, test;  ///< without a picture where there is no such part
    Augmentation augmentation{};                  ///< of those for training
    std::string hash{};                           ///< SHA-256 of all that they come from
    std::vector<std::string> notes{}, warnings{};
};

class Classification : public Task {
  public:
    /// `folder`: where the pictures come from, for messages; `results`: the file of the test's results;
    /// `images`: the folder of the pictures that got wrong answers. The references must outlive the task.
    Classification(const Device& device, LabelledParts parts, const PixelRange& range,
                   std::filesystem::path folder, std::filesystem::path results, std::filesystem::path images,
                   const std::atomic<bool>& stop);

    void join(Group& group) override;
    const Examples& examples() const override { return training_; }
    Validation validation() const override { return validation_ ? &*validation_ : nullptr; }
    const Examples* test() const override { return test_ ? &*test_ : nullptr; }
    TaskCounts counts() const override;
    const LossKind& loss() const override { return cross_entropy; }
    std::vector<std::string> notes() const override { return notes_; }
    std::vector<std::string> warnings() const override { return warnings_; }
    /// Its classes, and what its pictures were.
    void describe(Model& model) const override { model.classes = classes_; }
    RunData data() const override { return {.labelled = hash_}; }
    DataDifferences differences(const RunData& before) const override;
    /// test.json and the worst mistakes' pictures, where there is a test part: of the best validation's
    /// model, where there is one.
    bool publish_trained(const TrainedModels& models, TaskObserver& observer) const override;
    void publish_along(const Network& network, bool trained) const override;
    std::vector<std::filesystem::path> results_of(const RunData& data) const override;

  private:
    TestAnswers shared_answers(const Network& network, Parameters& parameters) const;

    const Device& device_;
    Group* group_ = &alone();
    ModelClasses classes_;
    std::filesystem::path folder_, results_, images_;
    std::string hash_;
    std::vector<std::string> notes_, warnings_;
    const std::atomic<bool>& stop_;
    LabelledExamples training_;
    std::optional<LabelledExamples> validation_, test_;
};

}  // namespace shadenet
