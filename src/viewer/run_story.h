// Everything that is known about a run at this moment, for the panels to draw.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/network.h"
#include "model/parameters.h"
#include "model/presets.h"
#include "train/trainer.h"

namespace shadenet {

struct RunStory {
    Network network = two_layer_network({});
    float decay = 0.9f;        ///< of the shown epoch: it may change during the run
    std::uint32_t epochs = 0;  ///< number of epochs of the complete run
    std::uint32_t training_images = 0;
    std::uint32_t steps_per_epoch = 1;
    std::optional<double> floor;         ///< the smallest loss of affine filters on the training pictures
    std::vector<EpochRecord> records;    ///< of epoch 1, 2, ...; some may be missing at the front
    std::vector<Parameters> parameters;  ///< [e]: after epoch e, [0] untrained; empty if not kept

    /// The number of epochs in `parameters`, without the untrained network.
    std::uint32_t last_epoch() const {
        return parameters.empty() ? 0 : static_cast<std::uint32_t>(parameters.size() - 1);
    }
};

}  // namespace shadenet
