// Whether a device can hold a training run: decided from the run's options and the headers of its pictures,
// before any picture is decoded.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "data/examples.h"
#include "gpu/device_info.h"
#include "model/network.h"
#include "model/plan_kind.h"

namespace shadenet {

/// Pictures of one size.
struct PictureExtent {
    std::uint32_t count = 0, width = 0, height = 0;
    bool whole_levels = false;  ///< all their values are whole 255ths
    bool crops = false;         ///< cut anew for each batch, which alone is kept
    /// Of the whole pictures that crops are cut from, if they have whole levels: see DevicePictures.
    std::uint64_t picture_bytes = 0;
};

PictureExtent extent_of(const Examples& examples);

struct TrainingNeeds {
    Network network;
    PlanKind plan = PlanKind::fused;      ///< not automatic
    PictureExtent training, validation;   ///< pairs; no validation where its count is 0
    std::uint32_t batch = 1;              ///< pairs of the largest step
    bool histograms = false;              ///< the norms' values are measured
    std::vector<PictureExtent> scored{};  ///< sets that are scored in both ways: see SetScorer
    bool labels = false;                  ///< targets are labels, and pictures have no other beside them
    bool resizable = true;                ///< --size can give the pictures another size
    bool resized_keep_levels = false;     ///< pictures of another size have whole levels too, if these have
};

/// The first reason why the device cannot hold the run, in words that follow the device's name; "" if there
/// is none. The memory of the whole run counts only on devices with memory of their own. Even then too little
/// of it may be free.
std::string obstacle(const DeviceInfo& device, const TrainingNeeds& needs);

/// Bytes that the stack plan of the run's training may have for feature maps, where the device is to hold the
/// rest of it too, and something is left to others. Throws InputError when the layers do not fit the
/// pictures.
std::uint64_t feature_map_room(const DeviceInfo& device, const TrainingNeeds& needs);

/// The largest side, 1 to `most`, such that the device can hold the run if all pictures are resized to
/// squares of it; 0 if there is none.
std::uint32_t largest_side(const DeviceInfo& device, TrainingNeeds needs, std::uint32_t most);

/// Throws InputError with the obstacle where there is one, and with the largest side up to `most` that the
/// device can hold.
void require_fit(const DeviceInfo& device, const TrainingNeeds& needs, std::uint32_t most);

}  // namespace shadenet
