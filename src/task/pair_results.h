// What a network makes of the inputs of pairs, as files: every rank makes those of its shares, and rank 0
// writes them.
#pragma once

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "data/picture_set.h"
#include "engine/picture_filter.h"
#include "engine/picture_losses.h"
#include "group/texts.h"
#include "model/network.h"
#include "model/parameters.h"

namespace shadenet {

class Device;

/// FOLDER/KIND_STEM.png.
std::filesystem::path result_path(const std::filesystem::path& folder, const std::string& kind,
                                  const std::string& stem);
/// The bytes of a result's file. Throws BadResult for a result that is no number.
std::vector<std::byte> result_file(const std::filesystem::path& path, const Image& result,
                                   const Metadata& metadata);
/// Makes the folder, too. Throws WorkError.
void write_result(const std::filesystem::path& path, std::span<const std::byte> bytes);

/// Which results of which pairs.
struct PairResults {
    std::string kind;
    std::vector<Parameters> of_domains;  ///< of each; or one for all
    std::vector<bool> wanted;            ///< [pair]
    bool compared = false;               ///< with their targets
};

class PairPublisher {
  public:
    /// The references must outlive it. `folder` gets the results.
    PairPublisher(const Device& device, const PictureSet& pairs, const Network& network,
                  std::filesystem::path folder, const std::atomic<bool>& stop);

    /// On rank 0, with publish_along() on the others: writes the results, and in the end tells `on_result`
    /// of those that are compared how far each is from its target, in the order of the pairs. False when
    /// stopped.
    /// Throws BadResult, WorkError, and what do_rounds() throws.
    bool publish(const PairResults& results, const std::function<void(const SquaredErrors&)>& on_result);
    void publish_along();

  private:
    void share(PairResults& results) const;
    bool run(const PairResults& results, const std::function<void(const SquaredErrors&)>& on_result);
    /// What rank 0 needs of a pair's result, and what it does with it.
    Texts made_of(const PairResults& results, std::uint32_t pair);
    SquaredErrors written(const PairResults& results, std::uint32_t pair, const Texts& made) const;

    const Device& device_;
    const PictureSet& pairs_;
    Network network_;
    std::filesystem::path folder_;
    const std::atomic<bool>& stop_;
    std::optional<PictureFilter> filter_;
    std::size_t set_ = 0;  ///< of parameters, that the filter has
};

}  // namespace shadenet
