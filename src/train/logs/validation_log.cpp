#include "train/logs/validation_log.h"

#include <span>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "train/logs/csv.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view validation_header = "epoch,step,validation_loss";

/// Nothing for a line that is no row.
std::optional<ValidationRecord> validation_of(std::string_view line) {
    ValidationRecord record;
    CsvFields fields(line);
    fields.take(record.epoch);
    fields.take(record.step);
    fields.take(record.loss);
    return fields.fine() ? std::optional(record) : std::nullopt;
}

void check_validations(CsvLines& lines, const fs::path& path) {
    if (lines.next() == validation_header) return;
    throw InputError(fmt::format("{}: is no list of validations (its first line is another); move it away",
                                 path.string()));
}

/// The header and the whole rows up to a step, in rising order.
std::string kept_validations(const fs::path& path, std::uint64_t steps_done) {
    CsvLines lines(path);
    check_validations(lines, path);
    std::string kept = std::string(validation_header) + "\n";
    std::uint64_t last = 0;
    while (const auto line = lines.next()) {
        const auto record = validation_of(*line);
        if (!record || record->step <= last || record->step > steps_done) break;
        last = record->step;
        kept.append(*line).push_back('\n');
    }
    return kept;
}

}  // namespace

std::string validation_row(const ValidationRecord& record) {
    return fmt::format("{},{},{:.9g}", record.epoch, record.step, record.loss);
}

std::vector<ValidationRecord> read_validations(const fs::path& path) {
    CsvLines lines(path);
    check_validations(lines, path);
    std::vector<ValidationRecord> records;
    while (const auto line = lines.next()) {
        const auto record = validation_of(*line);
        if (!record || record->step <= (records.empty() ? 0 : records.back().step)) {
            throw InputError(fmt::format("{}: line {} is damaged; remove it, or take the file from a backup",
                                         path.string(), records.size() + 2));
        }
        records.push_back(*record);
    }
    return records;
}

ValidationLog::ValidationLog(fs::path path, std::optional<std::uint64_t> steps_done)
    : path_(std::move(path)) {
    const bool goes_on = steps_done && fs::exists(path_);
    write_file_atomically(
        path_, goes_on ? kept_validations(path_, *steps_done) : std::string(validation_header) + "\n");
}

void ValidationLog::add(const ValidationRecord& record) {
    const std::string line = validation_row(record) + "\n";
    append_to_file(path_, std::as_bytes(std::span(line)));
}

}  // namespace shadenet
