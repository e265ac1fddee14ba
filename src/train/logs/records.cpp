#include "train/logs/records.h"

namespace shadenet {

std::vector<NormStatistics> norm_statistics(const Network& network, const Parameters& parameters,
                                            const Parameters* batch) {
    std::vector<NormStatistics> norms;
    for (const BatchNorm& norm : norms_of(network)) {
        const std::string mean = norm.name + ".running_mean", variance = norm.name + ".running_var";
        norms.push_back({norm.name, parameters.at(mean).values, parameters.at(variance).values, {}, {}});
        if (batch == nullptr) continue;
        norms.back().batch_mean = batch->at(mean).values;
        norms.back().batch_variance = batch->at(variance).values;
    }
    return norms;
}

}  // namespace shadenet
