#include "train/logs/validation_log.h"

#include <string_view>

#include <fmt/format.h>

#include "base/file.h"
#include "train/logs/csv.h"

namespace shadenet {

namespace {

constexpr std::string_view validation_header = "epoch,step,validation_loss";
constexpr const char* no_validations = "is no list of validations (its first line is another); move it away";

/// Nothing for a line that is no row.
std::optional<ValidationRecord> validation_of(std::string_view line) {
    ValidationRecord record;
    CsvFields fields(line);
    fields.take(record.epoch);
    fields.take(record.step);
    fields.take(record.loss);
    return fields.fine() ? std::optional(record) : std::nullopt;
}

}  // namespace

std::vector<ValidationRecord> read_validations(const fs::path& path) {
    std::vector<ValidationRecord> records;
    CsvLines(path, validation_header, no_validations).take_all([&](std::string_view line) {
        const auto record = validation_of(line);
        if (!record || record->step <= (records.empty() ? 0 : records.back().step)) return false;
        records.push_back(*record);
        return true;
    });
    return records;
}

void ValidationLog::on_begin(const RunBegin& begin) {
    writes_ = wanted_ || (begin.resumed && fs::exists(path_));
    if (!writes_) return;
    begin_csv(path_, validation_header, no_validations, begin.resumed,
              [&, last = std::uint64_t{0}](std::string_view line) mutable {
                  const auto record = validation_of(line);
                  if (!record || record->step <= last || record->step > begin.steps_done) return false;
                  last = record->step;
                  return true;
              });
}

void ValidationLog::on_validation(const ValidationRecord& record) {
    if (writes_) append_row(path_, fmt::format("{},{},{:.9g}", record.epoch, record.step, record.loss));
}

}  // namespace shadenet
