#include "train/logs/event_log.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "base/file.h"
#include "base/one_line.h"

namespace shadenet {

namespace {

constexpr std::uint64_t most_picture_bytes = std::uint64_t{1} << 30;
/// More would crowd TensorBoard's page.
constexpr std::size_t most_pictures = 4;
constexpr std::uint32_t parameter_bins = 30;
/// Of the largest value: bins of equal values are to have different ends.
constexpr double narrowest_bin = 1e-6;

/// Adds a bin, from the limit before to `limit`, to a histogram whose values begin at `least`.
void add_bin(HistogramSummary& histogram, double limit, double count) {
    const double before = histogram.limits.empty() ? histogram.least : histogram.limits.back();
    const double middle = (before + limit) / 2;
    histogram.limits.push_back(limit);
    histogram.counts.push_back(count);
    histogram.sum += count * middle;
    histogram.sum_of_squares += count * middle * middle;
}

HistogramSummary parameter_summary(const NamedTensor& tensor) {
    const auto [least, greatest] = std::minmax_element(tensor.values.begin(), tensor.values.end());
    HistogramSummary histogram{"parameters/" + tensor.name, *least, *greatest, {}, {}, 0, 0};
    const double size = std::max(std::abs(histogram.least), std::abs(histogram.greatest));
    const double width = std::max({(histogram.greatest - histogram.least) / parameter_bins,
                                   size * narrowest_bin, std::numeric_limits<double>::min()});
    std::vector<double> counts(parameter_bins, 0.0);
    for (const float value : tensor.values) {
        const double place = std::floor((value - histogram.least) / width);
        ++counts[static_cast<std::size_t>(std::min<double>(place, parameter_bins - 1))];
        histogram.sum += value;
        histogram.sum_of_squares += static_cast<double>(value) * value;
    }
    for (std::uint32_t i = 0; i < parameter_bins; ++i) {
        histogram.limits.push_back(histogram.least + (i + 1) * width);
    }
    histogram.counts = std::move(counts);
    return histogram;
}

void add_norm(StepSummary& summary, const NormStatistics& norm, const std::string& prefix) {
    for (std::size_t c = 0; c < norm.moving_mean.size(); ++c) {
        summary.scalars.push_back(
            {fmt::format("{}{}/moving_mean/{}", prefix, norm.name, c), norm.moving_mean[c]});
        summary.scalars.push_back(
            {fmt::format("{}{}/moving_variance/{}", prefix, norm.name, c), norm.moving_variance[c]});
    }
}

void add_accuracy(StepSummary& summary, const char* set, const std::optional<double>& accuracy) {
    if (!accuracy) return;
    summary.scalars.push_back({fmt::format("accuracy/{}", set), static_cast<float>(*accuracy)});
}

void add_together(StepSummary& summary, std::span<const NormHistogram> histograms) {
    for (const NormHistogram& one : histograms) {
        if (one.channel || one.values() == 0) continue;
        summary.histograms.push_back(summary_of(one.layer + "/" + to_string(one.side), one));
    }
}

}  // namespace

HistogramSummary summary_of(const std::string& tag, const NormHistogram& from) {
    HistogramSummary histogram{tag, from.least, from.greatest, {}, {}, 0, 0};
    if (from.below > 0) add_bin(histogram, from.low, static_cast<double>(from.below));
    histogram.least = from.below > 0 ? from.least : from.low;
    for (std::uint32_t i = 0; i < NormHistogram::bins; ++i) {
        add_bin(histogram, from.edge(i + 1), static_cast<double>(from.counts[i]));
    }
    histogram.greatest = from.above > 0 ? from.greatest : from.high;
    if (from.above > 0) add_bin(histogram, from.greatest, static_cast<double>(from.above));
    return histogram;
}

EventLog::EventLog(fs::path folder, const std::vector<NormHistogram>& histograms)
    : folder_(std::move(folder)), histograms_(histograms) {}

void EventLog::on_begin(const RunBegin& begin) {
    begun_at_ = begin.steps_done;
    steps_per_epoch_ = begin.steps_per_epoch;
    file_.emplace(folder_,
                  begin.resumed ? std::optional(static_cast<std::int64_t>(begun_at_ + 1)) : std::nullopt);
    if (histograms_.empty()) return;
    StepSummary summary;
    add_together(summary, histograms_);
    file_->add(static_cast<std::int64_t>(begun_at_), summary);
}

void EventLog::on_epoch(const EpochRecord& record, const Parameters& parameters) {
    StepSummary summary;
    summary.scalars = {{"loss/train", static_cast<float>(record.train_loss)},
                       {"learning_rate", record.learning_rate}};
    if (record.validation_loss) {
        summary.scalars.push_back({"loss/validation", static_cast<float>(*record.validation_loss)});
    }
    add_accuracy(summary, "train", record.train_accuracy);
    add_accuracy(summary, "validation", record.validation_accuracy);
    for (const NormStatistics& norm : record.norms) add_norm(summary, norm, "");
    for (const DomainRecord& domain : record.domains) {
        for (const NormStatistics& norm : domain.norms) add_norm(summary, norm, domain.name + "/");
    }
    for (const NamedTensor& tensor : parameters.tensors()) {
        if (tensor.trainable && !tensor.held) summary.histograms.push_back(parameter_summary(tensor));
    }
    add_together(summary, histograms_);
    file_->add(static_cast<std::int64_t>(record.step), summary);
}

/// At an epoch's end it is told with the rest.
void EventLog::on_validation(const ValidationRecord& record) {
    if (record.step % steps_per_epoch_ == 0) return;
    StepSummary summary{.scalars = {{"loss/validation", static_cast<float>(record.loss)}}};
    add_accuracy(summary, "validation", record.accuracy);
    file_->add(static_cast<std::int64_t>(record.step), summary);
}

void EventLog::on_pictures(const std::vector<PublishedPicture>& pictures, std::uint64_t step) {
    if (step < begun_at_) return;  // an earlier part of the run has told of them
    for (std::size_t i = 0; i < std::min(pictures.size(), most_pictures); ++i) {
        const PublishedPicture& one = pictures[i];
        file_->add(static_cast<std::int64_t>(step),
                   {.pictures = {{"output/" + in_utf8(one.stem), one.width, one.height,
                                  read_file(one.path, most_picture_bytes)}}});
    }
}

std::vector<fs::path> EventLog::files() const {
    return file_ ? std::vector{file_->path()} : std::vector<fs::path>{};
}

}  // namespace shadenet
