#include "engine/tensors/reducer.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "engine/tensors/smaller.h"

namespace shadenet {

Reducer::Reducer(const Device& device)
    : device_(device), column_sum_(device, "column_sum", {"rows", "sums"}) {}

void Reducer::reserve(std::uint64_t rows, std::uint64_t columns, int set) {
    reserved_[set] = std::max(reserved_[set], rows * columns);
    const std::uint64_t groups = pieces_of(rows, rows_per_sum);
    reserved_stage_ = std::max(reserved_stage_, groups * columns);
}

void Reducer::allocate() {
    if (stage_) return;
    const std::uint64_t bytes = reserved_[0] * sizeof(float);
    if (bytes > device_.info().max_storage_range) {
        throw InputError(
            fmt::format("{}: the partial sums of such a batch need {} MiB in one binding, and the device "
                        "binds {} MiB; use {}",
                        device_.info().name, bytes >> 20, device_.info().max_storage_range >> 20,
                        smaller_batch_or_pictures));
    }
    partials_[0].emplace(device_, bytes, "partial results");
    partials_[1].emplace(device_, reserved_[1] * sizeof(float), "sums of calls");
    stage_.emplace(device_, reserved_stage_ * sizeof(float), "stages of reductions");
}

BufferRange Reducer::partials(std::uint64_t floats, int set) {
    allocate();
    return partials_[set]->range(0, floats * sizeof(float));
}

BufferRange Reducer::stage(int half, std::uint64_t floats) {
    return half == 0 ? partials(floats) : stage_->range(0, floats * sizeof(float));
}

void Reducer::sum(Recorder& recorder, int set, std::uint32_t rows, std::uint32_t columns, float scale,
                  BufferRange to, std::uint32_t to_row) {
    const Buffer* here = &*partials_[set];
    const Buffer* there = &*stage_;
    while (true) {
        const std::uint32_t groups = pieces_of(rows, rows_per_sum);
        const bool last = groups == 1;
        const BufferRange from = here->range(0, std::uint64_t{rows} * columns * sizeof(float));
        const BufferRange sums = last ? to : there->range(0, std::uint64_t{groups} * columns * sizeof(float));
        column_sum_(recorder, {{"rows", from}, {"sums", sums}},
                    {.rows = rows,
                     .columns = columns,
                     .per_group = rows_per_sum,
                     .first_sum = last ? to_row : 0,
                     .scale = last ? scale : 1.0f},
                    stage_threads(columns, groups));
        if (last) return;
        std::swap(here, there);
        rows = groups;
    }
}

}  // namespace shadenet
