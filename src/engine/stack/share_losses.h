// The loss of a step that several shares make.
#pragma once

#include <cstdint>

#include "column_sum_push.h"
#include "engine/learning/loss.h"
#include "engine/stack/step_rows.h"
#include "engine/tensors/tensor.h"
#include "gpu/kernel.h"

namespace shadenet {

class ShareLosses {
  public:
    /// Its row is exchanged with the others of `rows`.
    ShareLosses(const Device& device, StepRows& rows);

    /// Where a share's part goes, if right answers are wanted with `correct`; then add() it.
    LossRows place(bool correct) const;
    void add(Recorder& recorder, std::uint32_t own) const;
    void add_nothing(Recorder& recorder, std::uint32_t own) const;
    /// After the exchange: the sums.
    void finish(Recorder& recorder, const LossRows& to) const;

  private:
    const ShareRows& rows_;  ///< [loss, right answers]
    Buffer latest_, sums_;
    Kernel<push::ColumnSumPush> sum_;
};

}  // namespace shadenet
