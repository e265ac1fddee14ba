// A picture is to become another one: pairs of pictures are learned from, and pictures are what is published.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "data/checked_pairs.h"
#include "data/picture_pairs.h"
#include "engine/learning/loss.h"
#include "task/task.h"

namespace shadenet {

class Device;

/// How crops are taken; see PictureCrops.
struct CropOptions {
    std::uint32_t side;   ///< that of the smallest picture where this is larger
    std::uint32_t crops;  ///< of every pair in an epoch
    bool flip;
    std::uint64_t seed;
};

/// As far as names and headers tell.
struct PictureInputs {
    CheckedPairs training, validation;  ///< no pairs where there is no validation
    std::vector<std::filesystem::path> test{};
    std::vector<std::filesystem::path> folders{};  ///< all that pictures come from
    std::optional<CropOptions> crops{};            ///< none: the training pictures are learned from whole
};

/// The side of the crops of `inputs`, which has some.
std::uint32_t crop_side(const PictureInputs& inputs);

class ImageToImage : public Task {
  public:
    /// Results go to the folder `images`, which is made with the first; what is not begun when `stop` is true
    /// is left out. The references must outlive the task. Throws InputError when the file system takes no
    /// name as long as a result's.
    ImageToImage(const Device& device, PictureInputs inputs, const PixelRange& range,
                 std::filesystem::path images, const std::atomic<bool>& stop);

    void load() override;
    void join(Group& group) override;
    /// The pictures of pairs() as they are, or crops of them.
    const Examples& examples() const override { return *examples_; }
    /// Of a run on crops pictures, which may have any sizes.
    Validation validation() const override;
    TaskCounts counts() const override;
    const LossKind& loss() const override { return mean_squared_error; }
    std::vector<std::string> notes() const override;
    /// Its colours.
    void describe(Model& model) const override { model.colours = training().profiles().colours(); }
    std::optional<PairSets> pairs() const override { return pairs_; }
    RunData data() const override;
    DataDifferences differences(const RunData& before) const override;

    /// before_*.png.
    void publish_untrained(const Network& network, const std::function<Parameters()>& untrained,
                           bool missing_only, TaskObserver& observer) const override;
    /// after_*.png, each by its domain's statistics, and test_*.png by the model's own, in their own colours
    /// unless the network converts to those of its targets.
    bool publish_trained(const TrainedModels& models, TaskObserver& observer) const override;
    void publish_along(const Network& network, bool trained) const override;
    std::vector<std::filesystem::path> untrained_results() const override;
    std::vector<std::filesystem::path> results_of(const RunData& data) const override;

  private:
    const PictureSet& training() const { return pairs_->training; }
    PictureSet& take_examples(PictureSet pictures);
    PictureSet* take_validation();
    std::filesystem::path place(const char* kind, const std::string& stem) const;
    void require_name(const char* kind, const std::string& stem, const std::filesystem::path& source) const;
    std::vector<PublishedPicture> pictures(const char* kind) const;
    Metadata colours_of_result(const Metadata& own) const;
    bool write_tests(const Model& model) const;

    const Device& device_;
    PictureInputs inputs_;
    PixelRange range_;
    std::filesystem::path images_;
    const std::atomic<bool>& stop_;
    PictureNotes notes_;
    std::unique_ptr<Examples> examples_;
    std::optional<PairSets> pairs_;                    ///< of the examples
    std::vector<PictureSet*> own_sets_;                ///< the same, before they are joined
    std::optional<PictureSet> validation_;             ///< of a run on crops
    std::optional<PicturePairs> validation_examples_;  ///< of any other
};

}  // namespace shadenet
