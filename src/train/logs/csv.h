// Reading the comma-separated files that a run appends to, row by row.
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>
#include <vector>

namespace shadenet {

/// Read into memory whole. Some two million epochs of the network that is the default.
inline constexpr std::uint64_t most_csv_bytes = std::uint64_t{1} << 30;

/// The lines of a file that are whole. A last one without its end, which a killed process or a full disk
/// leaves, is passed over, and so is a byte order mark, which Excel puts before the first.
class CsvLines {
  public:
    /// Throws InputError when there is no such file, or it is larger than most_csv_bytes.
    explicit CsvLines(const std::filesystem::path& path);

    /// Without its end, be it of Windows; nothing after the last. Valid as long as this is.
    std::optional<std::string_view> next();

  private:
    std::vector<std::byte> bytes_;
    std::string_view rest_;
};

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
        const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
        require(error == std::errc() && end == field.data() + field.size());
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
