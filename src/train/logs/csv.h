// Reading the comma-separated files that a run appends to, row by row.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/number.h"

namespace shadenet {

/// Read into memory whole. Some two million epochs of the network that is the default.
inline constexpr std::uint64_t most_csv_bytes = std::uint64_t{1} << 30;

/// Takes a line without its end; false where it is none of the rows that are wanted.
using TakeRow = std::function<bool(std::string_view)>;

/// The lines of a file that are whole. A last one without its end, which a killed process or a full disk
/// leaves, is passed over, and so is a byte order mark, which Excel puts before the first.
class CsvLines {
  public:
    /// Throws InputError when there is no such file, or it is larger than most_csv_bytes.
    explicit CsvLines(std::filesystem::path path);
    /// After the first line. Throws InputError "<path>: <refusal>" where that is not `header`.
    CsvLines(std::filesystem::path path, std::string_view header, const char* refusal);

    /// Without its end, be it of Windows; nothing after the last. Valid as long as this is.
    std::optional<std::string_view> next();
    /// Throws InputError "<path>: <refusal>" unless it holds.
    void require(bool holds, const char* refusal) const;
    /// Throws InputError for the first line that `take` does not take: it is damaged.
    void take_all(const TakeRow& take);

  private:
    std::filesystem::path path_;
    std::vector<std::byte> bytes_;
    std::string_view rest_;
    std::uint64_t line_ = 0;  ///< the number of the latest
};

/// Begins a file anew, or keeps the first rows that `keep` takes of a run that `goes_on`: a killed run may
/// have written rows that its checkpoint knows nothing of. Returns its size. Throws as CsvLines, and
/// WorkError when the file cannot be written.
std::uint64_t begin_csv(const std::filesystem::path& path, std::string_view header, const char* refusal,
                        bool goes_on, const TakeRow& keep);
/// In one piece. Throws WorkError when the disk is full or the like; the file then ends with the row before.
void append_row(const std::filesystem::path& path, const std::string& row);

/// Takes the fields of a row one after the other, and knows in the end whether all were what they should be.
class CsvFields {
  public:
    explicit CsvFields(std::string_view line) : rest_(line) {}

    /// The next field as it stands.
    std::string_view text();
    template <typename Number>
    void take(Number& value) {
        parse(text(), value);
    }
    /// Nothing where the field is empty.
    void take(std::optional<double>& value);
    void take(std::vector<float>& values, std::uint32_t count);
    /// A field that was taken as text.
    template <typename Number>
    void parse(std::string_view field, Number& value) {
        const auto number = number_in<Number>(field);
        require(number.has_value());
        value = number.value_or(value);
    }
    void require(bool holds) { fine_ = fine_ && holds; }
    /// Every field was there and right, and none is left.
    bool fine() const { return fine_ && done_; }

  private:
    std::string_view rest_;
    bool done_ = false;  ///< the last field was taken
    bool fine_ = true;
};

}  // namespace shadenet
