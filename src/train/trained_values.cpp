#include "train/trained_values.h"

#include <algorithm>
#include <span>
#include <utility>

#include "group/values.h"

namespace shadenet {

TrainedValues::TrainedValues(const Device& device, const Parameters& initial,
                             const OptimizerOptions& optimizer_options, std::vector<std::string> domains,
                             WeightLayout layout)
    : parameters(device, initial, layout),
      statistics(device, parameters, static_cast<std::uint32_t>(std::max<std::size_t>(domains.size(), 1))),
      optimizer(device, optimizer_options, parameters),
      names_(initial),
      domains_(std::move(domains)) {}

Parameters TrainedValues::download(Recorder& recorder, std::uint32_t domain) {
    statistics.select(recorder, domain);
    recorder.finish();
    Parameters now = names_;
    parameters.download(now);
    return now;
}

Parameters TrainedValues::batch_statistics() const {
    Parameters values = names_;
    parameters.download_batch_statistics(values);
    return values;
}

std::vector<NamedStatistics> TrainedValues::download_statistics(Recorder& recorder) {
    std::vector<NamedStatistics> all;
    for (std::uint32_t i = 0; i < domains_.size(); ++i) {
        all.push_back(statistics_of(download(recorder, i), domains_[i]));
    }
    return all;
}

void TrainedValues::upload(Recorder& recorder, std::uint32_t domain, const Parameters& values) {
    statistics.select(recorder, domain);
    recorder.finish();
    parameters.upload(values);
}

void TrainedValues::save(Recorder& recorder, Checkpoint& checkpoint) {
    checkpoint.domains = download_statistics(recorder);
    if (!checkpoint.domains.empty()) checkpoint.domains.erase(checkpoint.domains.begin());
    checkpoint.parameters = download(recorder);
    checkpoint.optimizer_state = optimizer.download_state();
}

void TrainedValues::restore(Recorder& recorder, const Checkpoint& checkpoint) {
    for (std::uint32_t i = 0; i < checkpoint.domains.size(); ++i) {
        upload(recorder, i + 1, with_statistics(checkpoint.parameters, checkpoint.domains[i]));
    }
    upload(recorder, 0, checkpoint.parameters);
    optimizer.upload_state(checkpoint.optimizer_state);
}

void TrainedValues::share(Recorder& recorder, Group& group) {
    Checkpoint all;
    save(recorder, all);
    std::vector<std::span<float>> places = all.parameters.places();
    places.emplace_back(all.optimizer_state);
    for (NamedStatistics& domain : all.domains) {
        for (NamedTensor& tensor : domain.tensors) places.push_back(tensor.values);
    }
    broadcast_values(group, places);
    restore(recorder, all);
}

}  // namespace shadenet
