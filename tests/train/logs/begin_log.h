// Beginning a log as a run does.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "train/logs/run_observer.h"

namespace shadenet::test {

/// For a run with three steps in an epoch that goes on after so many steps, or a new one. Returns what the
/// log notes.
inline std::vector<std::string> begin_log(RunObserver& log, std::optional<std::uint64_t> steps_done = {},
                                          const Parameters& parameters = {}) {
    constexpr std::uint32_t steps_per_epoch = 3;
    const std::uint64_t steps = steps_done.value_or(0);
    std::vector<std::string> notes;
    log.on_begin({.parameters = parameters,
                  .resumed = steps_done.has_value(),
                  .epochs_done = static_cast<std::uint32_t>(steps / steps_per_epoch),
                  .steps_done = steps,
                  .steps_per_epoch = steps_per_epoch,
                  .notes = notes});
    return notes;
}

}  // namespace shadenet::test
