#include "train/streams.h"

#include <algorithm>
#include <numeric>
#include <random>

#include <fmt/format.h>

#include "model/random.h"

namespace shadenet {

namespace {

std::uint32_t batch_of(std::uint32_t size, std::uint32_t batch) {
    return batch == 0 ? size : std::min(batch, size);
}

/// Adds the batches of one stream, whose pairs begin at `first`.
void add_stream(EpochBatches& epoch, std::uint32_t stream, std::uint32_t first, std::uint32_t size,
                std::uint32_t batch, std::mt19937_64& random) {
    std::vector<std::uint32_t> order(size);
    std::iota(order.begin(), order.end(), 0u);
    if (batch < size) order = permutation(size, random);
    for (std::uint32_t& pair : order) pair += first;
    for (std::vector<std::uint32_t>& pairs : batches_of(order, batch)) {
        epoch.pairs.push_back(std::move(pairs));
        epoch.streams.push_back(stream);
    }
}

}  // namespace

std::uint32_t largest_batch(std::span<const std::uint32_t> sizes, std::uint32_t batch) {
    std::uint32_t largest = 0;
    for (const std::uint32_t size : sizes) largest = std::max(largest, batch_of(size, batch));
    return largest;
}

std::uint32_t steps_of_epoch(std::span<const std::uint32_t> sizes, std::uint32_t batch) {
    std::uint32_t steps = 0;
    for (const std::uint32_t size : sizes) {
        const std::uint32_t pairs = batch_of(size, batch);
        steps += size / pairs + (size % pairs != 0);
    }
    return steps;
}

EpochBatches epoch_batches(std::span<const std::uint32_t> sizes, std::uint32_t batch, std::uint64_t seed,
                           std::uint32_t epoch) {
    std::mt19937_64 random = random_stream(seed, epoch);
    EpochBatches in_turn;
    std::uint32_t first = 0;
    for (std::uint32_t stream = 0; stream < sizes.size(); ++stream) {
        add_stream(in_turn, stream, first, sizes[stream], batch_of(sizes[stream], batch), random);
        first += sizes[stream];
    }
    if (sizes.size() == 1) return in_turn;
    EpochBatches mixed;
    for (const std::uint32_t step : permutation(static_cast<std::uint32_t>(in_turn.pairs.size()), random)) {
        mixed.pairs.push_back(std::move(in_turn.pairs[step]));
        mixed.streams.push_back(in_turn.streams[step]);
    }
    return mixed;
}

StreamStatistics::StreamStatistics(const Device& device, const ParameterBuffers& parameters,
                                   std::uint32_t streams)
    : parameters_(parameters) {
    if (streams == 1) return;
    const BufferRange first = in_place();
    const std::vector<float> values = first.buffer->download<float>(first.size / sizeof(float), first.offset);
    for (std::uint32_t stream = 0; stream < streams; ++stream) {
        kept_.emplace_back(device, first.size, fmt::format("statistics of stream {}", stream));
        kept_.back().upload(std::span<const float>(values));
    }
}

/// The moving ones: the batch's own, behind them, are every step's anew.
BufferRange StreamStatistics::in_place() const {
    const BufferRange all = parameters_.all_statistics();
    return {all.buffer, all.offset, parameters_.to_batch_statistics() * sizeof(float)};
}

void StreamStatistics::select(Recorder& recorder, std::uint32_t stream) {
    if (stream == selected_) return;
    recorder.copy(in_place(), kept_[selected_].whole());
    recorder.copy(kept_[stream].whole(), in_place());
    selected_ = stream;
}

}  // namespace shadenet
