#include "train/domain_statistics.h"

#include <span>

#include <fmt/format.h>

namespace shadenet {

DomainStatistics::DomainStatistics(const Device& device, const ParameterBuffers& parameters,
                                   std::uint32_t domains)
    : parameters_(parameters) {
    if (domains == 1) return;
    const BufferRange first = in_place();
    const std::vector<float> values = first.buffer->download<float>(first.size / sizeof(float), first.offset);
    for (std::uint32_t domain = 0; domain < domains; ++domain) {
        kept_.emplace_back(device, first.size, fmt::format("statistics of stream {}", domain));
        kept_.back().upload(std::span<const float>(values));
    }
}

/// The moving ones: the batch's own, behind them, are every step's anew.
BufferRange DomainStatistics::in_place() const {
    const BufferRange all = parameters_.all_statistics();
    return {all.buffer, all.offset, parameters_.to_batch_statistics() * sizeof(float)};
}

void DomainStatistics::select(Recorder& recorder, std::uint32_t domain) {
    if (domain == selected_) return;
    recorder.copy(in_place(), kept_[selected_].whole());
    recorder.copy(kept_[domain].whole(), in_place());
    selected_ = domain;
}

}  // namespace shadenet
