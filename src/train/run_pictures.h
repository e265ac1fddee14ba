// The pictures that a run leaves in its folder.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <vector>

#include "model/model_file.h"

namespace shadenet {

class PicturePairs;
class Device;
class InnerLoss;
class RunFolder;

/// What makes them, and where they go.
struct RunPictures {
    const Device& device;
    const PicturePairs& training;
    const RunFolder& folder;
    const std::atomic<bool>& stop;  ///< what is not begun when it is true is left out
};

/// before_*.png, by the untrained network, which is asked for only when a picture is made; with
/// `missing_only` those that are not there. Throws WorkError.
void write_before(const RunPictures& run, const Network& network,
                  const std::function<Parameters()>& untrained, bool missing_only);

/// after_*.png, each by its stream's statistics; `inner`, where it is not null, is given them with their
/// targets. False when stopped. Throws
/// WorkError, and BadResult where the trained numbers have grown too large for a result.
bool write_after(const RunPictures& run, const Model& model, InnerLoss* inner);

/// test_*.png of these pictures, by the model's own statistics, in their own colours unless the network
/// converts to those of its targets. Returns and throws as write_after().
bool write_tests(const RunPictures& run, const Model& model,
                 const std::vector<std::filesystem::path>& pictures);

}  // namespace shadenet
