#include "train/logs/validation_log.h"

#include <string_view>

#include <fmt/format.h>

#include "base/file.h"
#include "train/logs/csv.h"

namespace shadenet {

namespace {

constexpr std::string_view plain_header = "epoch,step,validation_loss",
                           classes_header = "epoch,step,validation_loss,validation_accuracy";
constexpr const char* no_validations = "is no list of validations (its first line is another); move it away";

/// Nothing for a line that is no row.
std::optional<ValidationRecord> validation_of(std::string_view line, bool classes) {
    ValidationRecord record;
    CsvFields fields(line);
    fields.take(record.epoch);
    fields.take(record.step);
    fields.take(record.loss);
    if (classes) fields.take(record.accuracy);
    return fields.fine() ? std::optional(record) : std::nullopt;
}

}  // namespace

std::vector<ValidationRecord> read_validations(const fs::path& path) {
    std::vector<ValidationRecord> records;
    CsvLines lines(path);
    const std::string_view header = lines.next().value_or("");
    const bool classes = header == classes_header;
    lines.require(classes || header == plain_header, no_validations);
    lines.take_all([&](std::string_view line) {
        const auto record = validation_of(line, classes);
        if (!record || record->step <= (records.empty() ? 0 : records.back().step)) return false;
        records.push_back(*record);
        return true;
    });
    return records;
}

void ValidationLog::on_begin(const RunBegin& begin) {
    writes_ = wanted_ || (begin.resumed && fs::exists(path_));
    if (!writes_) return;
    begin_csv(path_, classes_ ? classes_header : plain_header, no_validations, begin.resumed,
              [&, last = std::uint64_t{0}](std::string_view line) mutable {
                  const auto record = validation_of(line, classes_);
                  if (!record || record->step <= last || record->step > begin.steps_done) return false;
                  last = record->step;
                  return true;
              });
}

void ValidationLog::on_validation(const ValidationRecord& record) {
    if (!writes_) return;
    std::string row = fmt::format("{},{},{:.9g}", record.epoch, record.step, record.loss);
    if (classes_) row += fmt::format(",{:.9g}", record.accuracy.value());
    append_row(path_, row);
}

}  // namespace shadenet
