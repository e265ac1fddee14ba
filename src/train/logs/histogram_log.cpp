#include "train/logs/histogram_log.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/file.h"
#include "train/logs/csv.h"

namespace shadenet {

namespace {

constexpr std::string_view together = "all";
constexpr const char* no_histograms = "does not hold the histograms of a run; move it away";

std::string histogram_header() {
    std::string line = "epoch,layer,side,channel,least,greatest,not_finite,low,high,below,above";
    for (std::uint32_t i = 0; i < NormHistogram::bins; ++i) {
        fmt::format_to(std::back_inserter(line), ",count.{}", i);
    }
    return line;
}

void append_histogram(std::string& text, const NormHistogram& one) {
    fmt::format_to(std::back_inserter(text), "{},{},{},{},{:.9g},{:.9g},{},{:.9g},{:.9g},{},{}", one.epoch,
                   one.layer, to_string(one.side),
                   one.channel ? fmt::format("{}", *one.channel) : std::string(together), one.least,
                   one.greatest, one.not_finite, one.low, one.high, one.below, one.above);
    for (const std::uint64_t count : one.counts) fmt::format_to(std::back_inserter(text), ",{}", count);
    text += '\n';
}

bool ends_are_fine(const NormHistogram& one) {
    return std::isfinite(one.low) && std::isfinite(one.high) && one.low < one.high;
}

/// Nothing for a damaged row.
std::optional<NormHistogram> histogram_of(std::string_view line) {
    NormHistogram one;
    CsvFields fields(line);
    fields.take(one.epoch);
    one.layer = fields.text();
    const auto side = norm_side_words.value(fields.text());
    const std::string_view channel = fields.text();
    fields.require(!one.layer.empty() && side);
    one.side = side.value_or(NormSide::input);
    if (channel != together) fields.parse(channel, one.channel.emplace());
    fields.take(one.least);
    fields.take(one.greatest);
    fields.take(one.not_finite);
    fields.take(one.low);
    fields.take(one.high);
    fields.take(one.below);
    fields.take(one.above);
    for (std::uint64_t& count : one.counts) fields.take(count);
    return fields.fine() && ends_are_fine(one) ? std::optional(std::move(one)) : std::nullopt;
}

}  // namespace

HistogramLog::HistogramLog(fs::path path, MeasureNorms measure)
    : path_(std::move(path)), measure_(std::move(measure)) {}

void HistogramLog::on_begin(const RunBegin& begin) {
    if (!measure_) return;
    std::uint32_t last = 0;
    const auto keep = [&](std::string_view line) {
        const std::optional<NormHistogram> one = histogram_of(line);
        if (!one || one->epoch > begin.epochs_done) return false;
        last = one->epoch;
        return true;
    };
    bytes_ = begin_csv(path_, histogram_header(), no_histograms, begin.epochs_done > 0, keep);
    const bool at_an_end = begin.steps_done == std::uint64_t{begin.epochs_done} * begin.steps_per_epoch;
    if (at_an_end && last < begin.epochs_done) add(begin.parameters, begin.epochs_done);
}

void HistogramLog::on_epoch(const EpochRecord& record, const Parameters& parameters) {
    if (measure_) add(parameters, record.epoch);
}

void HistogramLog::add(const Parameters& parameters, std::uint32_t epoch) {
    latest_ = measure_(parameters, epoch);
    std::string rows;
    for (const NormHistogram& one : latest_) append_histogram(rows, one);
    bytes_ += rows.size();
    if (bytes_ <= most_csv_bytes) append_to_file(path_, rows);
}

HistogramHistory read_histograms(const fs::path& path) {
    HistogramHistory history;
    CsvLines(path, histogram_header(), no_histograms).take_all([&](std::string_view line) {
        std::optional<NormHistogram> one = histogram_of(line);
        const std::uint32_t last = history.layers.empty() ? 0 : history.layers.back().epoch;
        if (!one || one->epoch < std::max(last, 1u)) return false;
        if (one->epoch > last) history.channels.clear();
        (one->channel ? history.channels : history.layers).push_back(*std::move(one));
        return true;
    });
    return history;
}

}  // namespace shadenet
