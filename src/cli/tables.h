// The numbers of a network as lines of text.
#pragma once

#include <span>
#include <string>

#include "model/architecture.h"
#include "model/parameters.h"
#include "train/trainer.h"

namespace shadenet {

/// The tensors that the optimizer moves, or the statistics that it does not: name, extent and number of
/// values of each, and the sum of these numbers. With `ranges` also the smallest, mean and largest value.
std::string tensor_table(const Parameters& parameters, bool trainable, bool ranges);

/// "decay 0.9 (momentum 0.1 in PyTorch)".
std::string decay_text(float decay);

/// One line without values: "epoch 3/200  loss 0.0123  validation 0.0131  rate 0.01  0.42 s".
std::string epoch_line(const EpochRecord& record, std::uint32_t epochs);

/// A norm layer's moving mean and variance, indented. Every channel, eight to a row; where there are more
/// than 16 channels and `all` is false, only their smallest, mean and largest.
std::string norm_lines(const NormStatistics& norm, bool all);

/// Loss in eight decimals, or with an exponent where these would not show it.
std::string loss_text(double loss);

}  // namespace shadenet
