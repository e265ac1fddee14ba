#include "cli/tables.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace shadenet {

namespace {

constexpr std::size_t channels_per_row = 8;
constexpr std::size_t channels_shown = 16;

struct Range {
    float smallest, largest;
    double mean;
};

Range range_of(std::span<const float> values) {
    Range range{values[0], values[0], 0};
    for (const float value : values) {
        range.smallest = std::min(range.smallest, value);
        range.largest = std::max(range.largest, value);
        range.mean += static_cast<double>(value) / static_cast<double>(values.size());
    }
    return range;
}

/// Ten columns. Four decimals line up best; an exponent where they would hide the value.
bool needs_exponent(double value) {
    const double size = std::abs(value);
    return value != 0 && !(size >= 0.001 && size < 1000);
}

std::string cell(double value, bool exponent) {
    return exponent ? fmt::format("{:>10.2e}", value) : fmt::format("{:>10.4f}", value);
}

std::string range_cells(const Range& range) {
    const bool exponent = needs_exponent(std::max(std::abs(range.smallest), std::abs(range.largest)));
    return cell(range.smallest, exponent) + cell(range.mean, exponent) + cell(range.largest, exponent);
}

std::string channel_rows(const std::string& heading, std::span<const float> values) {
    const Range range = range_of(values);
    const bool exponent = needs_exponent(std::max(std::abs(range.smallest), std::abs(range.largest)));
    std::string text;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (i % channels_per_row == 0) {
            text += fmt::format("{}  {:<14}", i == 0 ? "" : "\n", i == 0 ? heading : "");
        }
        text += cell(values[i], exponent);
    }
    return text;
}

std::string summary_row(const std::string& heading, std::span<const float> values) {
    return fmt::format("  {:<14}{}  (smallest, mean, largest of {} channels)", heading,
                       range_cells(range_of(values)), values.size());
}

std::string tensor_row(const NamedTensor& tensor, bool ranges) {
    std::string row = fmt::format("  {:<18} {:<16} {:>8}", tensor.name,
                                  fmt::format("{}", fmt::join(tensor.shape, " x ")), tensor.values.size());
    if (ranges) row += range_cells(range_of(tensor.values));
    return row + '\n';
}

}  // namespace

std::string tensor_table(const Parameters& parameters, bool trainable, bool ranges) {
    std::string text = fmt::format("  {:<18} {:<16} {:>8}", "name", "shape", "values");
    if (ranges) text += fmt::format("{:>10}{:>10}{:>10}", "smallest", "mean", "largest");
    text += '\n';
    for (const NamedTensor& tensor : parameters.tensors()) {
        if (tensor.trainable == trainable && !tensor.held) text += tensor_row(tensor, ranges);
    }
    const std::size_t sum = trainable ? parameters.trainable_values() : parameters.statistic_values();
    return text + fmt::format("  {:<18} {:<16} {:>8}", "together", "", sum);
}

std::string decay_text(float decay) {
    return fmt::format("decay {} (momentum {:.6g} in PyTorch)", decay, 1.0 - static_cast<double>(decay));
}

std::string loss_text(double loss) {
    const bool plain = loss == 0 || (loss >= 1e-5 && loss < 1000);
    return plain ? fmt::format("{:.8f}", loss) : fmt::format("{:.4e}", loss);
}

std::string epoch_line(const EpochRecord& record, std::uint32_t epochs) {
    const std::string total = fmt::format("{}", epochs);
    std::string text = fmt::format("epoch {:>{}}/{}  loss {}", record.epoch, total.size(), total,
                                   loss_text(record.train_loss));
    if (record.validation_loss) text += fmt::format("  validation {}", loss_text(*record.validation_loss));
    return text + fmt::format("  rate {:g}  {:.3f} s", record.learning_rate, record.seconds);
}

std::string norm_lines(const NormStatistics& norm, bool all) {
    const auto row = all || norm.moving_mean.size() <= channels_shown ? channel_rows : summary_row;
    return row(norm.name + " mean", norm.moving_mean) + '\n' +
           row(norm.name + " variance", norm.moving_variance);
}

}  // namespace shadenet
