#include "train/logs/history.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/file.h"
#include "train/logs/csv.h"

namespace shadenet {

namespace {

constexpr const char* other_columns =
    "its columns are not those of this run's network; move it away, or put the run's own there";

void append_numbers(std::string& row, const std::vector<float>& values) {
    for (const float value : values) fmt::format_to(std::back_inserter(row), ",{:.9g}", value);
}

void append_norms(std::string& row, const std::vector<NormStatistics>& norms) {
    for (const NormStatistics& norm : norms) {
        append_numbers(row, norm.moving_mean);
        append_numbers(row, norm.moving_variance);
    }
}

std::ptrdiff_t commas(std::string_view line) {
    return std::count(line.begin(), line.end(), ',');
}

/// The epoch that a row tells of; nothing for a line that has other than the header's columns.
std::optional<std::uint32_t> epoch_of(std::string_view line, std::string_view header) {
    if (commas(line) != commas(header)) return std::nullopt;
    return number_in<std::uint32_t>(line.substr(0, line.find(',')));
}

/// The columns of a norm's statistics, each with its comma; `prefix` is empty or a domain's name with its
/// dot.
void append_columns(std::string& header, const Network& network, const std::string& prefix) {
    for (const BatchNorm& norm : norms_of(network)) {
        for (const char* statistic : {"moving_mean", "moving_variance"}) {
            for (std::uint32_t c = 0; c < norm.channels; ++c) {
                fmt::format_to(std::back_inserter(header), ",{}{}.{}.{}", prefix, norm.name, statistic, c);
            }
        }
    }
}

std::vector<NormStatistics> take_norms(CsvFields& fields, const Network& network) {
    std::vector<NormStatistics> norms;
    for (const BatchNorm& norm : norms_of(network)) {
        NormStatistics& statistics = norms.emplace_back();
        statistics.name = norm.name;
        fields.take(statistics.moving_mean, norm.channels);
        fields.take(statistics.moving_variance, norm.channels);
    }
    return norms;
}

/// Nothing for a damaged row. The number of its fields has been checked.
std::optional<EpochRecord> record_of(std::string_view line, const Network& network,
                                     const std::vector<std::string>& domains) {
    EpochRecord record;
    CsvFields fields(line);
    fields.take(record.epoch);
    fields.take(record.step);
    fields.take(record.learning_rate);
    fields.take(record.train_loss);
    fields.take(record.validation_loss);
    fields.take(record.seconds);
    record.norms = take_norms(fields, network);
    for (const std::string& domain : domains) {
        record.domains.push_back({domain, take_norms(fields, network)});
    }
    return fields.fine() ? std::optional(std::move(record)) : std::nullopt;
}

/// The further domains that a header names: the first column of each is that of the first norm's channel 0.
std::vector<std::string> domains_of(std::string_view header, const Network& network) {
    std::string columns;
    append_columns(columns, network, ".");
    std::vector<std::string> domains;
    if (columns.empty()) return domains;  // a network without norms
    const std::string first = columns.substr(1, columns.find(',', 1) - 1);
    while (!header.empty()) {
        const std::size_t end = std::min(header.find(','), header.size());
        const std::string_view column = header.substr(0, end);
        if (column.ends_with(first)) domains.emplace_back(column.substr(0, end - first.size()));
        header.remove_prefix(std::min(end + 1, header.size()));
    }
    return domains;
}

}  // namespace

std::string history_header(const Network& network, const std::vector<std::string>& domains) {
    std::string header = "epoch,step,learning_rate,train_loss,validation_loss,seconds";
    append_columns(header, network, "");
    for (const std::string& domain : domains) append_columns(header, network, domain + ".");
    return header;
}

std::string history_row(const EpochRecord& record) {
    const std::string validation =
        record.validation_loss ? fmt::format("{:.9g}", *record.validation_loss) : "";
    std::string row = fmt::format("{},{},{:.9g},{:.9g},{},{:.9g}", record.epoch, record.step,
                                  record.learning_rate, record.train_loss, validation, record.seconds);
    append_norms(row, record.norms);
    for (const DomainRecord& domain : record.domains) append_norms(row, domain.norms);
    return row;
}

std::vector<EpochRecord> read_history(const fs::path& path, const Network& network) {
    CsvLines lines(path);
    const std::string header(lines.next().value_or(""));
    const std::vector<std::string> domains = domains_of(header, network);
    lines.require(header == history_header(network, domains), other_columns);
    std::vector<EpochRecord> records;
    lines.take_all([&](std::string_view line) {
        std::optional<EpochRecord> record;
        if (epoch_of(line, header)) record = record_of(line, network, domains);
        if (!record || record->epoch <= (records.empty() ? 0 : records.back().epoch)) return false;
        records.push_back(*std::move(record));
        return true;
    });
    return records;
}

History::History(fs::path path, const Network& network, const std::vector<std::string>& domains)
    : path_(std::move(path)), header_(history_header(network, domains)) {}

void History::on_begin(const RunBegin& begin) {
    std::uint32_t last = 0, rows = 0;
    begin_csv(path_, header_, other_columns, begin.epochs_done > 0, [&](std::string_view line) {
        const auto epoch = epoch_of(line, header_);
        if (!epoch || *epoch <= last || *epoch > begin.epochs_done) return false;
        last = *epoch;
        ++rows;
        return true;
    });
    if (rows == begin.epochs_done) return;
    begin.notes.push_back(fmt::format("{}: lacks {} of the {} epochs done", path_.string(),
                                      begin.epochs_done - rows, begin.epochs_done));
}

void History::on_epoch(const EpochRecord& record, const Parameters&) {
    append_row(path_, history_row(record));
}

}  // namespace shadenet
