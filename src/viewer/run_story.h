// Everything that is known about a run at this moment, for the panels to draw.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/network.h"
#include "model/parameters.h"
#include "model/presets.h"
#include "statistics/quality_file.h"
#include "task/test_results.h"
#include "train/trainer.h"

namespace shadenet {

/// What became of the last layer after training.
struct SolvedEnd {
    std::string line;                   ///< as train says it
    std::optional<Parameters> model{};  ///< with the solved layer, where it is kept
};

struct RunStory {
    Network network = two_layer_network({});
    float decay = 0.9f;          ///< of the shown epoch: it may change during the run
    std::uint32_t epochs = 0;    ///< number of epochs of the complete run
    std::uint32_t examples = 0;  ///< of an epoch: training pictures, or crops of them
    bool of_crops = false;       ///< they are crops
    bool classes = false;        ///< the losses are those of classes, and have no decibels
    std::uint32_t steps_per_epoch = 1;
    std::optional<double> floor;           ///< the smallest loss of affine filters on the training pictures
    std::optional<QualityRecord> quality;  ///< of a run that has ended
    std::optional<TestResults> test;       ///< of a run on labelled pictures that has ended
    std::optional<SolvedEnd> solved;       ///< of a run that has ended
    std::vector<EpochRecord> records;      ///< of epoch 1, 2, ...; some may be missing at the front
    std::vector<Parameters> parameters;    ///< [e]: as trained, after epoch e, [0] untrained; or empty

    /// The number of epochs in `parameters`, without the untrained network.
    std::uint32_t last_epoch() const {
        return parameters.empty() ? 0 : static_cast<std::uint32_t>(parameters.size() - 1);
    }
    /// Whether the model that the run keeps is another than its last epoch's, which it is shown in place of.
    bool is_solved(std::uint32_t epoch) const { return solved && solved->model && epoch == last_epoch(); }
    /// Null if they were not kept.
    const Parameters* parameters_after(std::uint32_t epoch) const {
        if (is_solved(epoch)) return &*solved->model;
        const bool kept = epoch < parameters.size() && !parameters[epoch].tensors().empty();
        return kept ? &parameters[epoch] : nullptr;
    }
};

/// Null if no tensor has this name, or its number of values does not fit its shape.
inline const NamedTensor* find_tensor(const Parameters& parameters, std::string_view name) {
    const auto found = std::ranges::find(parameters.tensors(), name, &NamedTensor::name);
    if (found == parameters.tensors().end()) return nullptr;
    const std::size_t values =
        std::accumulate(found->shape.begin(), found->shape.end(), std::size_t{1}, std::multiplies<>());
    return values == found->values.size() ? &*found : nullptr;
}

}  // namespace shadenet
