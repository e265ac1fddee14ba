// The numbers of a network as lines of text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "cli/terminal.h"
#include "model/network.h"
#include "model/parameters.h"
#include "statistics/health.h"
#include "statistics/quality_file.h"
#include "train/trainer.h"

namespace shadenet {

/// The tensors that the optimizer moves, or the statistics that it does not: name, extent and number of
/// values of each, and the sum of these numbers. With `ranges` also the smallest, mean and largest value.
std::string tensor_table(const Parameters& parameters, bool trainable, bool ranges);

/// "decay 0.9 (momentum 0.1 in PyTorch)".
std::string decay_text(float decay);

/// "epoch   3/200  loss 0.01234568 (19.1 dB)  validation 0.01310000 (18.8 dB)", without the
/// decibels where that is longer than `columns`; of labelled pictures with accuracies in place of decibels.
std::string epoch_and_loss(const EpochRecord& record, std::uint32_t epochs,
                           std::size_t columns = std::numeric_limits<std::size_t>::max());

/// One line without statistics: epoch_and_loss(), and "  rate 0.01  0.420 s".
std::string epoch_line(const EpochRecord& record, std::uint32_t epochs);

/// The norms of all domains. A norm of a domain other than the first has both names: "night bn1".
std::vector<NormStatistics> all_norms(const EpochRecord& record);

inline constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();

/// How norm_lines() lays its rows out.
struct NormLayout {
    std::size_t channels_shown = 16;  ///< of a norm with more only their smallest, mean and largest, and of
                                      ///< one with more than 64 the quartiles in place of the mean
    bool explains_range = true;       ///< by words behind these
    std::size_t heading = 14;         ///< columns for the name
    std::size_t columns = no_limit;   ///< of a row, which never has more than eight channels
};

/// A norm layer's moving mean and variance, indented.
std::string norm_lines(const NormStatistics& norm, const NormLayout& layout = {});

/// The state of a training run, to be redrawn in place: loss, learning rate and time, and the moving mean and
/// variance of every norm: channel by channel, or where there is no room for that only the ranges, or none.
/// Where there is none for the loss either: no line at all. `elapsed` seconds of the run.
std::vector<std::string> training_table(const EpochRecord& record, std::uint32_t epochs, double elapsed,
                                        TerminalSize room);

/// The verdict of a health check, then two lines for every finding: what is so, and what to do; on a terminal
/// in as many as they take. No line end.
std::string health_lines(const HealthReport& report);
/// Of one finding, whose kind `word` is; without a remedy the first line alone. No line end.
std::string finding_lines(const std::string& word, const std::string& text, const std::string& remedy);

/// "close to the target (39.1 dB, 2.1 grey levels)", of which pictures, and a line for every finding.
std::string quality_lines(const QualityRecord& record);

/// "0.08660000, 97.47 % right", or without an accuracy as below.
std::string loss_text(double loss, const std::optional<double>& accuracy);
/// Loss in eight decimals, or with an exponent where these would not show it, and in decibels: "0.01234568
/// (19.1 dB)".
std::string loss_text(double loss);

}  // namespace shadenet
