#include "engine/learning/loss_sums.h"

#include <utility>

#include "engine/tensors/linear_threads.h"

namespace shadenet {

namespace {

constexpr std::uint32_t losses_per_sum = 64;  // few enough to end soon, and for any driver's loops

/// So many a thread adds at the end: a software driver takes longer to begin a call than for these.
std::uint32_t losses_of_last_sum(const Device& device) {
    return device.info().kind == DeviceKind::software ? 256 : losses_per_sum;
}

}  // namespace

LossSums::LossSums(const Device& device, std::uint64_t most)
    : sum_(device, "stack_sum", {"rows", "sums", "more"}),
      partials_(device, most * sizeof(float), "losses in parts"),
      stage_(device, most * sizeof(float), "sums of losses") {}

void LossSums::sum(Recorder& recorder, std::uint32_t rows, std::uint32_t row_length, std::uint32_t split,
                   float scale, const LossRows& to) const {
    const Buffer *here = &partials_, *there = &stage_;
    while (true) {
        const bool last = row_length <= losses_of_last_sum(recorder.device());
        const std::uint32_t groups = last ? 1 : pieces_of(row_length, losses_per_sum);
        const std::uint64_t count = std::uint64_t{rows} * groups;
        const BufferRange sums = last ? to.losses : there->range(0, count * sizeof(float));
        const BufferRange more = last && rows > split ? to.correct : sums;
        sum_(recorder,
             {{"rows", here->range(0, std::uint64_t{rows} * row_length * sizeof(float))},
              {"sums", sums},
              {"more", more}},
             {.rows = rows,
              .row_length = row_length,
              .groups = groups,
              .split = last ? split : rows,
              .first = last ? to.row : 0,
              .scale = last ? scale : 1},
             linear_threads(count));
        if (last) return;
        std::swap(here, there);
        row_length = groups;
    }
}

}  // namespace shadenet
