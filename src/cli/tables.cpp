#include "cli/tables.h"

#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/psnr.h"
#include "cli/text.h"
#include "train/logs/history.h"

namespace shadenet {

namespace {

constexpr std::size_t most_channels_per_row = 8;
constexpr std::size_t indent = 2, cell_width = 10;
constexpr std::size_t most_channels_listed = 64;

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

/// Ten columns. Four decimals line up best; an exponent where they would hide the largest value.
bool needs_exponent(const Range& range) {
    const float size = std::max(std::abs(range.smallest), std::abs(range.largest));
    return size != 0 && !(size >= 0.001 && size < 1000);
}

std::string cell(double value, bool exponent) {
    return exponent ? fmt::format("{:>10.2e}", value) : fmt::format("{:>10.4f}", value);
}

std::string range_cells(const Range& range) {
    const bool exponent = needs_exponent(range);
    return cell(range.smallest, exponent) + cell(range.mean, exponent) + cell(range.largest, exponent);
}

std::string channel_rows(const std::string& heading, std::span<const float> values,
                         const NormLayout& layout) {
    const Range range = range_of(values);
    const bool exponent = needs_exponent(range);
    const std::size_t taken = indent + layout.heading;
    const std::size_t fitting = layout.columns > taken ? (layout.columns - taken) / cell_width : 0;
    const std::size_t channels_per_row = std::clamp<std::size_t>(fitting, 1, most_channels_per_row);
    std::string text;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (i % channels_per_row == 0) {
            text += fmt::format("{}{:{}}{:<{}}", i == 0 ? "" : "\n", "", indent, i == 0 ? heading : "",
                                layout.heading);
        }
        text += cell(values[i], exponent);
    }
    return text;
}

std::string range_row(const std::string& heading, std::span<const float> values, const NormLayout& layout) {
    const std::string row =
        fmt::format("{:{}}{:<{}}{}", "", indent, heading, layout.heading, range_cells(range_of(values)));
    if (!layout.explains_range) return row;
    const std::string words = fmt::format("  (smallest, mean, largest of {} channels)", values.size());
    return row + (row.size() + words.size() <= layout.columns ? words : "  (smallest, mean, largest)");
}

/// A norm of many channels says more by its quartiles.
std::string quartile_row(const std::string& heading, std::span<const float> values,
                         const NormLayout& layout) {
    const std::vector<float> quartiles = quantiles_of({values.begin(), values.end()});
    const std::size_t width = indent + layout.heading + quartiles.size() * cell_width;
    if (width > layout.columns) return range_row(heading, values, layout);
    const bool exponent = needs_exponent(range_of(values));
    std::string row = fmt::format("{:{}}{:<{}}", "", indent, heading, layout.heading);
    for (const float value : quartiles) row += cell(value, exponent);
    const std::string words = fmt::format("  (smallest, quartiles, largest of {} channels)", values.size());
    return row + (layout.explains_range && row.size() + words.size() <= layout.columns ? words : "");
}

std::string tensor_row(const NamedTensor& tensor, bool ranges) {
    std::string row = fmt::format("  {:<18} {:<16} {:>8}", tensor.name,
                                  fmt::format("{}", fmt::join(tensor.shape, " x ")), tensor.values.size());
    if (ranges) row += range_cells(range_of(tensor.values));
    return row + '\n';
}

std::string loss_number(double loss) {
    const bool plain = loss == 0 || (loss >= 1e-5 && loss < 1000);
    return plain ? fmt::format("{:.8f}", loss) : fmt::format("{:.4e}", loss);
}

/// "0.08660000, 97.47 % right".
std::string score_text(double loss, double accuracy) {
    return fmt::format("{}, {:.2f} % right", loss_number(loss), 100 * accuracy);
}

std::string epoch_and_scores(const EpochRecord& record, std::uint32_t epochs) {
    const std::string total = fmt::format("{}", epochs);
    std::string text = fmt::format("epoch {:>{}}/{}  loss {}", record.epoch, total.size(), total,
                                   score_text(record.train_loss, *record.train_accuracy));
    if (record.validation_accuracy) {
        text +=
            fmt::format("  validation {}", score_text(*record.validation_loss, *record.validation_accuracy));
    }
    return text;
}

std::string epoch_and_losses(const EpochRecord& record, std::uint32_t epochs,
                             std::string (*text_of)(double)) {
    const std::string total = fmt::format("{}", epochs);
    std::string text = fmt::format("epoch {:>{}}/{}  loss {}", record.epoch, total.size(), total,
                                   text_of(record.train_loss));
    if (record.validation_loss) text += fmt::format("  validation {}", text_of(*record.validation_loss));
    return text;
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

std::string loss_text(double loss, const std::optional<double>& accuracy) {
    return accuracy ? score_text(loss, *accuracy) : loss_text(loss);
}

std::string loss_text(double loss) {
    return with_psnr(loss_number(loss), loss);
}

std::string epoch_and_loss(const EpochRecord& record, std::uint32_t epochs, std::size_t columns) {
    if (record.train_accuracy) return epoch_and_scores(record, epochs);
    const std::string text = epoch_and_losses(record, epochs, loss_text);
    return text.size() <= columns ? text : epoch_and_losses(record, epochs, loss_number);
}

std::string epoch_line(const EpochRecord& record, std::uint32_t epochs) {
    return epoch_and_loss(record, epochs) +
           fmt::format("  rate {:g}  {:.3f} s", record.learning_rate, record.seconds);
}

std::vector<NormStatistics> all_norms(const EpochRecord& record) {
    std::vector<NormStatistics> norms = record.norms;
    for (const DomainRecord& domain : record.domains) {
        for (NormStatistics norm : domain.norms) {
            norm.name = fmt::format("{} {}", domain.name, norm.name);
            norms.push_back(std::move(norm));
        }
    }
    return norms;
}

std::string norm_lines(const NormStatistics& norm, const NormLayout& layout) {
    const std::size_t channels = norm.moving_mean.size();
    const auto rows = channels <= layout.channels_shown ? channel_rows
                      : channels > most_channels_listed ? quartile_row
                                                        : range_row;
    return rows(norm.name + " mean", norm.moving_mean, layout) + '\n' +
           rows(norm.name + " variance", norm.moving_variance, layout);
}

std::string quality_lines(const QualityRecord& record) {
    constexpr std::size_t indent = 11;
    const std::size_t columns = text_columns();
    std::string text =
        fmt::format("verdict    {}",
                    wrapped(fmt::format("{}, SSIM {:.3f}, on {}; before the filter {}",
                                        verdict_text(record.verdict.grade, record.all), record.all.similarity,
                                        pictures_text(record), psnr_text(record.all.untouched)),
                            columns, indent));
    for (const QualityFinding& finding : record.verdict.findings) {
        text += fmt::format("\n{:<{}}{}", "", indent, wrapped(quality_line(finding), columns, indent));
    }
    return text;
}

std::string health_lines(const HealthReport& report) {
    std::string text = fmt::format("health     {}", verdict(report));
    for (const Finding& finding : report.findings) {
        const std::string word =
            finding.severity == Severity::information ? "note" : severities[finding.severity];
        text += '\n' + finding_lines(word, finding.text, finding.remedy);
    }
    return text;
}

std::string finding_lines(const std::string& word, const std::string& text, const std::string& remedy) {
    constexpr std::size_t indent = 11;
    const std::size_t columns = text_columns();
    const std::string lines = fmt::format("  {:<{}}{}", word, indent - 2, wrapped(text, columns, indent));
    if (remedy.empty()) return lines;
    return fmt::format("{}\n{:<{}}{}", lines, "", indent, wrapped(remedy, columns, indent));
}

}  // namespace shadenet
