// Norms as parts of the layers with weights before them, in a network that is only to be applied.
#pragma once

#include "model/network.h"
#include "model/parameters.h"

namespace shadenet {

struct WeightedNetwork {
    Network network;
    Parameters parameters;
};

/// The same function of a picture with fewer norms: one right behind a conv or dense layer becomes a part of
/// it, with its moving statistics: weights·s and (bias − mean)·s + β, where s = γ/√(variance + ε), in
/// float64. A norm stays where it reads anything else, or where an `add` reads what comes before it. The
/// other layers keep their names. Throws std::out_of_range when `parameters` lacks a tensor.
WeightedNetwork fold_norms(const Network& network, const Parameters& parameters);

}  // namespace shadenet
