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

/// The lines of a file that are whole. A last one without its end, which a killed process or a full disk
/// leaves, is passed over.
class CsvLines {
  public:
    /// Throws InputError when there is no such file, or it has more than 1 GiB.
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

    template <typename Number>
    void take(Number& value) {
        const std::string_view field = next();
        const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
        fine_ = fine_ && error == std::errc() && end == field.data() + field.size();
    }
    /// Nothing where the field is empty.
    void take(std::optional<double>& value);
    void take(std::vector<float>& values, std::uint32_t count);
    bool fine() const { return fine_; }

  private:
    std::string_view next();

    std::string_view rest_;
    bool fine_ = true;
};

}  // namespace shadenet
