#include "statistics/norm_comparison.h"

#include <cmath>
#include <limits>
#include <string>

namespace shadenet {

std::vector<ChannelComparison> compare_statistics(const BatchNorm& norm, const Parameters& moving,
                                                  const Parameters& population) {
    const std::string mean = norm.name + ".running_mean", variance = norm.name + ".running_var";
    std::vector<ChannelComparison> channels;
    for (std::size_t c = 0; c < norm.channels; ++c) {
        ChannelComparison channel{};
        channel.moving_mean = static_cast<double>(moving.at(mean).values.at(c));
        channel.population_mean = static_cast<double>(population.at(mean).values.at(c));
        channel.moving_variance = static_cast<double>(moving.at(variance).values.at(c));
        channel.population_variance = static_cast<double>(population.at(variance).values.at(c));
        channel.mean_difference = (channel.moving_mean - channel.population_mean) /
                                  std::sqrt(channel.population_variance + static_cast<double>(norm.epsilon));
        channel.variance_ratio = channel.population_variance > 0
                                     ? channel.moving_variance / channel.population_variance
                                     : std::numeric_limits<double>::quiet_NaN();
        channels.push_back(channel);
    }
    return channels;
}

}  // namespace shadenet
