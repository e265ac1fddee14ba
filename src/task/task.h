// What a run is about: the examples that it learns from, and what it publishes of what it has learned.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "data/run_data.h"
#include "engine/learning/loss.h"
#include "image/image.h"
#include "image/pairs.h"
#include "model/model_file.h"

namespace shadenet {

class Examples;
class PictureSet;

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
    /// What the trained network makes of the input of training example `index`.
    virtual void on_result(std::uint32_t /*index*/, const Image& /*result*/) {}
    /// All pictures that the network after `step` steps has made of the training examples are written.
    virtual void on_pictures(const std::vector<PublishedPicture>& /*pictures*/, std::uint64_t /*step*/) {}
};

/// The examples and the results of a run.
class Task {
  public:
    virtual ~Task() = default;

    /// Reads all examples to their end, and writes nothing; before that there are no data sets. Throws
    /// InputError.
    virtual void load() = 0;
    /// What a step learns from: the pictures of training() as they are, or crops of them.
    virtual const Examples& examples() const = 0;
    virtual const PictureSet& training() const = 0;
    /// Null where there is none.
    virtual const PictureSet* validation() const = 0;
    /// The pictures of validation(), each as a whole; null where there are none, and for a run on crops,
    /// whose validation pictures may be of any sizes.
    virtual const Examples* validation_examples() const = 0;
    virtual std::uint32_t test_count() const = 0;
    /// Of training and of validation, in the order of their data sets.
    virtual const std::vector<ImagePair>& files(bool validation) const = 0;
    /// What is worth a word about the examples.
    virtual std::vector<std::string> notes() const = 0;
    /// What training makes smaller.
    virtual const LossKind& loss() const = 0;
    /// Adds to the model what those need to know who apply it.
    virtual void describe(Model& model) const = 0;

    /// Results of the untrained network, which is asked for only where it is needed; with `missing_only`
    /// those that are not there. Tells `observer` of them unless it is stopped. Throws WorkError.
    virtual void publish_untrained(const Network& network, const std::function<Parameters()>& untrained,
                                   bool missing_only, TaskObserver& observer) const = 0;
    /// Results of the trained network, `steps` of whose training are done. False when stopped. Throws
    /// WorkError, and BadResult where the trained numbers have grown too large for a result.
    virtual bool publish_trained(const Model& model, std::uint64_t steps, TaskObserver& observer) const = 0;
    /// What publish_untrained() writes, there or not.
    virtual std::vector<PublishedPicture> untrained_pictures() const = 0;
    /// The results that are there of training examples with the names of these records.
    virtual std::vector<std::filesystem::path> results_of(const std::vector<PairRecord>& records) const = 0;
};

}  // namespace shadenet
