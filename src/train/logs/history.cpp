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

void append_number(std::string& row, const std::optional<double>& value) {
    row += value ? fmt::format(",{:.9g}", *value) : ",";
}

/// How many numbers the file has of a norm's statistic.
std::uint32_t kept_of(std::uint32_t channels, const HistoryColumns& columns) {
    return columns.classes && channels > most_channels_kept
               ? static_cast<std::uint32_t>(quantile_names.size())
               : channels;
}

void append_norms(std::string& row, const std::vector<NormStatistics>& norms, const HistoryColumns& columns) {
    for (const NormStatistics& norm : norms) {
        for (const std::vector<float>* const values : {&norm.moving_mean, &norm.moving_variance}) {
            const auto channels = static_cast<std::uint32_t>(values->size());
            append_numbers(row, kept_of(channels, columns) == channels ? *values : quantiles_of(*values));
        }
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
void append_columns(std::string& header, const Network& network, const HistoryColumns& columns,
                    const std::string& prefix) {
    for (const BatchNorm& norm : norms_of(network)) {
        const std::uint32_t kept = kept_of(norm.channels, columns);
        for (const char* statistic : {"moving_mean", "moving_variance"}) {
            for (std::uint32_t c = 0; c < kept; ++c) {
                fmt::format_to(std::back_inserter(header), ",{}{}.{}.{}", prefix, norm.name, statistic,
                               kept == norm.channels ? fmt::format("{}", c) : quantile_names[c]);
            }
        }
    }
}

/// The columns of a set of scores, each with its comma.
std::string set_columns(const std::string& set) {
    return fmt::format(",{0}_batch_loss,{0}_batch_accuracy,{0}_moving_loss,{0}_moving_accuracy", set);
}

std::vector<NormStatistics> take_norms(CsvFields& fields, const Network& network,
                                       const HistoryColumns& columns) {
    std::vector<NormStatistics> norms;
    for (const BatchNorm& norm : norms_of(network)) {
        const std::uint32_t kept = kept_of(norm.channels, columns);
        NormStatistics& statistics = norms.emplace_back();
        statistics.name = norm.name;
        statistics.quantiles = kept != norm.channels;
        fields.take(statistics.moving_mean, kept);
        fields.take(statistics.moving_variance, kept);
    }
    return norms;
}

Score take_score(CsvFields& fields) {
    Score score;
    fields.take(score.loss);
    fields.take(score.accuracy);
    return score;
}

/// Nothing for a damaged row. The number of its fields has been checked.
std::optional<EpochRecord> record_of(std::string_view line, const Network& network,
                                     const HistoryColumns& columns) {
    EpochRecord record;
    CsvFields fields(line);
    fields.take(record.epoch);
    fields.take(record.step);
    fields.take(record.learning_rate);
    fields.take(record.train_loss);
    fields.take(record.validation_loss);
    fields.take(record.seconds);
    if (columns.classes) {
        fields.take(record.train_accuracy);
        fields.take(record.validation_accuracy);
    }
    for (const std::string& set : columns.sets) {
        const Score batch = take_score(fields), moving = take_score(fields);
        record.sets.push_back({set, batch, moving});
    }
    record.norms = take_norms(fields, network, columns);
    for (const std::string& domain : columns.domains) {
        record.domains.push_back({domain, take_norms(fields, network, columns)});
    }
    return fields.fine() ? std::optional(std::move(record)) : std::nullopt;
}

std::vector<std::string_view> names_of(std::string_view header) {
    std::vector<std::string_view> names;
    while (!header.empty()) {
        const std::size_t end = std::min(header.find(','), header.size());
        names.push_back(header.substr(0, end));
        header.remove_prefix(std::min(end + 1, header.size()));
    }
    return names;
}

/// By what a header names: the first column of a further domain is that of the first norm's channel 0.
HistoryColumns columns_of(std::string_view header, const Network& network) {
    constexpr std::string_view of_set = "_batch_loss";
    const std::vector<std::string_view> names = names_of(header);
    HistoryColumns columns;
    columns.classes = std::ranges::count(names, "train_accuracy") > 0;
    std::string norms;
    append_columns(norms, network, columns, ".");
    const std::string first = norms.empty() ? "" : norms.substr(1, norms.find(',', 1) - 1);
    for (const std::string_view name : names) {
        if (columns.classes && name.ends_with(of_set)) {
            columns.sets.emplace_back(name.substr(0, name.size() - of_set.size()));
        } else if (!first.empty() && name.ends_with(first)) {
            columns.domains.emplace_back(name.substr(0, name.size() - first.size()));
        }
    }
    return columns;
}

}  // namespace

std::vector<float> quantiles_of(std::vector<float> values) {
    std::ranges::sort(values);
    std::vector<float> quantiles;
    for (std::size_t i = 0; i < quantile_names.size(); ++i) {
        const double place = static_cast<double>(values.size() - 1) * static_cast<double>(i) / 4;
        const auto below = static_cast<std::size_t>(place);
        const double low = values[below], high = values[std::min(below + 1, values.size() - 1)];
        quantiles.push_back(static_cast<float>(low + (high - low) * (place - static_cast<double>(below))));
    }
    return quantiles;
}

std::string history_header(const Network& network, const HistoryColumns& columns) {
    std::string header = "epoch,step,learning_rate,train_loss,validation_loss,seconds";
    if (columns.classes) header += ",train_accuracy,validation_accuracy";
    for (const std::string& set : columns.sets) header += set_columns(set);
    append_columns(header, network, columns, "");
    for (const std::string& domain : columns.domains) append_columns(header, network, columns, domain + ".");
    return header;
}

std::string history_row(const EpochRecord& record, const HistoryColumns& columns) {
    std::string row = fmt::format("{},{},{:.9g},{:.9g}", record.epoch, record.step, record.learning_rate,
                                  record.train_loss);
    append_number(row, record.validation_loss);
    append_number(row, record.seconds);
    if (columns.classes) {
        append_number(row, record.train_accuracy);
        append_number(row, record.validation_accuracy);
    }
    for (const SetScores& set : record.sets) {
        for (const Score& score : {set.batch, set.moving}) {
            append_number(row, score.loss);
            append_number(row, score.accuracy);
        }
    }
    append_norms(row, record.norms, columns);
    for (const DomainRecord& domain : record.domains) append_norms(row, domain.norms, columns);
    return row;
}

std::vector<EpochRecord> read_history(const fs::path& path, const Network& network) {
    CsvLines lines(path);
    const std::string header(lines.next().value_or(""));
    const HistoryColumns columns = columns_of(header, network);
    lines.require(header == history_header(network, columns), other_columns);
    std::vector<EpochRecord> records;
    lines.take_all([&](std::string_view line) {
        std::optional<EpochRecord> record;
        if (epoch_of(line, header)) record = record_of(line, network, columns);
        if (!record || record->epoch <= (records.empty() ? 0 : records.back().epoch)) return false;
        records.push_back(*std::move(record));
        return true;
    });
    return records;
}

History::History(fs::path path, const Network& network, HistoryColumns columns)
    : path_(std::move(path)), columns_(std::move(columns)), header_(history_header(network, columns_)) {}

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
    append_row(path_, history_row(record, columns_));
}

}  // namespace shadenet
