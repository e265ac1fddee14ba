// What a run is about: the examples that it learns from, and what it publishes of what it has learned.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "data/run_data.h"
#include "data/validation.h"
#include "engine/learning/loss.h"
#include "engine/picture_losses.h"
#include "image/image.h"
#include "model/model_file.h"

namespace shadenet {

class Group;
struct TestResults;

/// A picture in the run folder.
struct PublishedPicture {
    std::string stem;
    std::filesystem::path path;
    std::uint32_t width, height;
};

/// Told what a task publishes; called on the thread that runs.
class TaskObserver {
  public:
    virtual ~TaskObserver() = default;
    /// How far what the trained network makes of the input of a training pair is from its target, inside its
    /// receptive radius, or everywhere where pictures are continued; pair after pair.
    virtual void on_result(const SquaredErrors& /*errors*/) {}
    /// All pictures that the network after `step` steps has made of the training examples are written.
    virtual void on_pictures(const std::vector<PublishedPicture>& /*pictures*/, std::uint64_t /*step*/) {}
    /// The test part of labelled pictures has been answered.
    virtual void on_test(const TestResults& /*results*/) {}
};

/// Whole pictures that a run learns from, and their targets.
struct PairSets {
    const PictureSet& training;
    const PictureSet* validation;  ///< null where there is none
};

/// As many pairs or labelled pictures.
struct TaskCounts {
    std::uint32_t training, validation, test;
    std::uint32_t classes = 0;  ///< 0: they are pairs
};

/// A model whose training is done, and the file with that of the best validation, where a run may end early.
struct TrainedModels {
    const Model& last;
    std::uint64_t steps;           ///< of training
    std::filesystem::path best{};  ///< empty where there is none
    std::uint64_t best_step = 0;
};

/// The examples and the results of a run.
class Task {
  public:
    virtual ~Task() = default;

    /// Reads what is not read yet of all examples, and writes nothing; before that there are no data sets.
    /// Throws InputError, and Stopped.
    virtual void load() {}
    /// After load(), on all ranks together: learns of the examples that other ranks have read. Before that no
    /// data set may be used. Throws InputError on another rank than 0 where it has read others than rank 0.
    virtual void join(Group& group) = 0;
    /// What a step learns from.
    virtual const Examples& examples() const = 0;
    virtual Validation validation() const = 0;
    /// What only the finished model is tested on, with targets; null where there is none.
    virtual const Examples* test() const { return nullptr; }
    virtual TaskCounts counts() const = 0;
    /// What training makes smaller.
    virtual const LossKind& loss() const = 0;
    /// What is worth a word about the examples.
    virtual std::vector<std::string> notes() const = 0;
    /// What is lost where nobody reads it.
    virtual std::vector<std::string> warnings() const { return {}; }
    /// Adds to the model what those need to know who apply it.
    virtual void describe(Model& model) const = 0;
    /// None where examples are no pairs of pictures.
    virtual std::optional<PairSets> pairs() const { return {}; }

    /// What config.json is to keep of the examples.
    virtual RunData data() const = 0;
    /// In what the examples are not those that `before` tells of.
    virtual DataDifferences differences(const RunData& before) const = 0;

    /// Results of the untrained network, which is asked for only where it is needed; with `missing_only`
    /// those that are not there. Tells `observer` of them unless it is stopped. Throws WorkError.
    virtual void publish_untrained(const Network& /*network*/,
                                   const std::function<Parameters()>& /*untrained*/, bool /*missing_only*/,
                                   TaskObserver& /*observer*/) const {}
    /// Results of the trained network. False when stopped. Throws WorkError, and BadResult where the trained
    /// numbers have grown too large for a result.
    virtual bool publish_trained(const TrainedModels& models, TaskObserver& observer) const = 0;
    /// On another rank than 0, while rank 0 publishes results of the trained or of the untrained network:
    /// does its part of the work.
    virtual void publish_along(const Network& /*network*/, bool /*trained*/) const {}
    /// What publish_untrained() writes, there or not.
    virtual std::vector<std::filesystem::path> untrained_results() const { return {}; }
    /// The results that are there of examples that `data` tells of.
    virtual std::vector<std::filesystem::path> results_of(const RunData& /*data*/) const { return {}; }
};

}  // namespace shadenet
