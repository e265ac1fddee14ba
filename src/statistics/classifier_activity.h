// What a trained classifier does with some of the pictures that it has learned from.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "data/examples.h"
#include "model/named_statistics.h"
#include "statistics/health.h"

namespace shadenet {

class Device;

struct ClassifierActivity {
    ClassifierFacts facts;
    NamedStatistics population;  ///< of the norms' inputs without dropout; empty without norms
};

/// Of up to 2048 examples at equal distances, fewer where feature maps are large; `classes`: their names. The
/// population's statistics are measured norm by norm, those before with their own. Nothing if it was stopped.
/// Throws InputError as plans and buffers do.
std::optional<ClassifierActivity> classifier_activity(const Device& device, const Network& network,
                                                      const Parameters& parameters, const Examples& examples,
                                                      const std::vector<std::string>& classes,
                                                      const std::atomic<bool>& stop);

}  // namespace shadenet
