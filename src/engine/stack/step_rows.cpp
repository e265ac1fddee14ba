#include "engine/stack/step_rows.h"

#include <algorithm>
#include <span>
#include <utility>

namespace shadenet {

namespace {

constexpr std::uint32_t block_columns = 4;  // of weights, by as many rows

/// Slices begin where kernels can be given them.
std::uint32_t slice_columns(std::uint32_t columns, std::uint32_t ranks) {
    constexpr std::uint32_t unit = range_alignment / sizeof(float);
    return pieces_of(pieces_of(columns, ranks), unit) * unit;
}

}  // namespace

BufferRange SumRows::range(std::uint32_t own) const {
    if (!slices_) return gathered_.range(own);
    const std::uint64_t bytes = columns_ * sizeof(float);
    return slices_->own.range(own * bytes, bytes);
}

WeightPartials SumRows::partials() const {
    if (!slices_) return {gathered_.all(), gathered_.count()};
    return {gathered_.all().buffer->range(0, columns_ * sizeof(float)), 1};
}

bool StepRows::in_slices(std::uint32_t columns, std::uint32_t shares, std::uint32_t ranks,
                         std::uint64_t spared) {
    // A slice of all rows, and the sums of all slices.
    const std::uint64_t rows_of_slices = shares / ranks + 1;
    return shares > rows_of_slices && (shares - rows_of_slices) * columns * sizeof(float) >= spared;
}

const ShareRows& StepRows::add(std::uint32_t columns, const std::string& name) {
    return gathered_.emplace_back(device_, shares_, columns, name);
}

const SumRows& StepRows::add_sums(std::uint32_t columns, const std::string& name) {
    const std::uint32_t ranks = shares_.group().size();
    if (!in_slices(columns, shares_.count(), ranks, least_spared_)) {
        sums_.push_back(SumRows(add(columns, name), columns, {}));
        return sums_.back();
    }
    if (!sum_) sum_.emplace(device_);
    const std::uint32_t slice = slice_columns(columns, ranks);
    const ShareRows& sums =
        gathered_.emplace_back(device_, Shares(shares_.group(), ranks), slice, name + " in sum");
    const std::uint64_t own = std::uint64_t{shares_.own()} * columns * sizeof(float);
    const std::uint64_t all = std::uint64_t{shares_.count()} * slice * sizeof(float);
    SumRows::Slices slices{slice, Buffer(device_, own, name), Buffer(device_, all, name + " in slices")};
    sums_.push_back(SumRows(sums, columns, std::move(slices)));
    return sums_.back();
}

void StepRows::exchange(Recorder& recorder) const {
    if (shares_.group().is_alone()) return;
    recorder.finish();
    if (sum_) sum_slices(recorder);
    gather();
}

/// Leaves the sums of this rank's slices where gather() expects its rows.
void StepRows::sum_slices(Recorder& recorder) const {
    const std::size_t ranks = shares_.group().size(), own = shares_.own();
    std::size_t piece = 0;  // floats for a rank
    for (const SumRows& sums : sums_) piece += sums.slices_ ? own * sums.slices_->columns : 0;
    std::vector<float> mine(ranks * piece);
    std::size_t at = 0;  // of a matrix in a piece
    for (const SumRows& sums : sums_) {
        if (!sums.slices_) continue;
        const std::size_t columns = sums.columns_, slice = sums.slices_->columns;
        const auto rows = sums.slices_->own.download<float>(own * columns);
        for (std::size_t rank = 0; rank < ranks; ++rank) {
            const std::size_t begin = std::min(rank * slice, columns);
            const std::size_t count = std::min(slice, columns - begin);
            for (std::size_t row = 0; row < own; ++row) {
                std::copy_n(rows.data() + row * columns + begin, count,
                            mine.data() + rank * piece + at + row * slice);
            }
        }
        at += own * slice;
    }
    const std::vector<std::byte> all =
        shares_.group().exchange_pieces(std::as_bytes(std::span(mine)), "slices of gradients");
    at = 0;
    for (const SumRows& sums : sums_) {
        if (!sums.slices_) continue;
        const SumRows::Slices& slices = *sums.slices_;
        const std::size_t size = slices.all.bytes() / ranks;
        for (std::size_t rank = 0; rank < ranks; ++rank) {
            const auto part = std::span(all).subspan(rank * piece * sizeof(float) + at, size);
            slices.all.write(rank * size, part);
        }
        const WeightExtent extent{.out = slices.columns / block_columns, .in = block_columns};
        (*sum_)(recorder, extent, {slices.all.whole(), shares_.count()}, sums.gathered_.own());
        at += size;
    }
    recorder.finish();
}

void StepRows::gather() const {
    std::vector<std::byte> mine;
    for (const ShareRows& rows : gathered_) {
        const BufferRange own = rows.own();
        const std::size_t at = mine.size();
        mine.resize(at + own.size);
        own.buffer->read(own.offset, std::span(mine).subspan(at));
    }
    const std::vector<std::byte> all = shares_.group().gather(mine, "losses and gradients");
    std::size_t at = 0;  // of a matrix in what a rank gave
    for (const ShareRows& rows : gathered_) {
        const std::size_t size = rows.own().size;
        std::vector<std::byte> joined;
        for (std::size_t rank = 0; rank < shares_.group().size(); ++rank) {
            const auto part = std::span(all).subspan(rank * mine.size() + at, size);
            joined.insert(joined.end(), part.begin(), part.end());
        }
        rows.all().buffer->write(0, joined);
        at += size;
    }
}

}  // namespace shadenet
