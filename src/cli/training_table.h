// The state of a training run as a table that is redrawn in place.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/terminal.h"
#include "train/trainer.h"

namespace shadenet {

/// Loss, learning rate and time, and the moving mean and variance of every norm: channel by channel, or where
/// there is no room for that only the ranges, or none. Where there is none for the loss either: no line at
/// all. `elapsed` seconds of the run.
std::vector<std::string> training_table(const EpochRecord& record, std::uint32_t epochs, double elapsed,
                                        TerminalSize room);

}  // namespace shadenet
