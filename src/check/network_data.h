// What a network is checked with: a batch, parameters, and the float64 pass over them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "check/network_check.h"
#include "model/parameters.h"
#include "reference/network.h"

namespace shadenet::check {

/// The largest change of a value of a tensor when every input, parameter, point and gradient of a point is
/// off by up to a unit of float32's last place: what no plan in float32 can be expected to keep. Sums whose
/// terms cancel have much of it.
struct RoundingNoise {
    double result = 0, inference = 0;
    std::map<std::string, double> gradients;
};

struct NetworkData {
    std::uint64_t seed;  ///< what all was drawn with: the case's, or a later one
    std::vector<float> x;
    std::vector<float> target;          ///< of the output's shape; empty where there are labels
    std::vector<std::uint32_t> labels;  ///< below the output's channels; empty where there is a target
    Parameters parameters;
    reference::DropoutKey dropout;
    reference::Evaluation truth;
    RoundingNoise noise;
};

/// The smallest magnitude among the inputs of rectifiers, apart from exact zeros: these come from another
/// rectifier or from dropout, on the device too. Infinite without rectifiers.
double nearest_to_kink(const Network& network, const reference::Evaluation& truth);

/// Draws with the case's seed or a later one, such that float32 can give no rectifier's input another sign.
/// Throws InputError when the case's shape does not fit its network.
NetworkData draw_network_data(const NetworkCase& one);

/// The network after the pass, with the moving statistics moved, unless they are frozen.
reference::NetworkRun moved_network(const NetworkCase& one, const NetworkData& data);

}  // namespace shadenet::check
