#include "engine/stack/share_losses.h"

namespace shadenet {

namespace {

constexpr std::uint32_t loss_and_answers = 2;

/// Copies one float.
void copy_value(Recorder& recorder, const Buffer& from, std::uint64_t from_byte, const BufferRange& to,
                std::uint64_t to_byte) {
    recorder.copy(from.range(from_byte, sizeof(float)), to.buffer->range(to.offset + to_byte, sizeof(float)));
}

}  // namespace

ShareLosses::ShareLosses(const Device& device, StepRows& rows)
    : rows_(rows.add(loss_and_answers, "losses of shares")),
      latest_(device, 2 * range_alignment, "loss of a share"),
      sums_(device, loss_and_answers * sizeof(float), "loss of the shares"),
      sum_(device, "column_sum", {"rows", "sums"}) {
    const std::vector<float> zeros(latest_.bytes() / sizeof(float));
    latest_.upload(std::span<const float>(zeros));
}

LossRows ShareLosses::place(bool correct) const {
    return {.losses = latest_.range(0, sizeof(float)),
            .correct = correct ? latest_.range(range_alignment, sizeof(float)) : BufferRange{}};
}

void ShareLosses::add(Recorder& recorder, std::uint32_t own) const {
    copy_value(recorder, latest_, 0, rows_.range(own), 0);
    copy_value(recorder, latest_, range_alignment, rows_.range(own), sizeof(float));
}

void ShareLosses::add_nothing(Recorder& recorder, std::uint32_t own) const {
    recorder.fill(rows_.range(own), 0);
}

void ShareLosses::finish(Recorder& recorder, const LossRows& to) const {
    sum_(recorder, {{"rows", rows_.all()}, {"sums", sums_.whole()}},
         {.rows = rows_.count(),
          .columns = loss_and_answers,
          .per_group = rows_.count(),
          .first_sum = 0,
          .scale = 1},
         {loss_and_answers});
    const std::uint64_t row = to.row * sizeof(float);
    copy_value(recorder, sums_, 0, to.losses, row);
    if (to.correct.buffer != nullptr) copy_value(recorder, sums_, sizeof(float), to.correct, row);
}

}  // namespace shadenet
