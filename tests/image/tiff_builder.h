// Makes TIFF structures, as EXIF is one, field by field.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "picture_files.h"

namespace shadenet::test {

/// A block of either byte order. Whatever is added stands at its end.
class TiffBuilder {
  public:
    struct Field {
        std::uint32_t tag = 0, type = 0, count = 0;
        Bytes value;
    };

    explicit TiffBuilder(bool big_endian) : bytes(to_bytes(big_endian ? "MM" : "II")), is_big_(big_endian) {
        append(number(42, 2));
        append(number(0, 4));
    }

    Bytes number(std::uint32_t value, std::size_t count) const {
        Bytes result(count);
        for (std::size_t i = 0; i < count; ++i) {
            result[is_big_ ? count - 1 - i : i] = static_cast<std::uint8_t>(value >> (8 * i));
        }
        return result;
    }
    Field shorts(std::uint32_t tag, std::initializer_list<std::uint32_t> values) const {
        return numbers(tag, 3, 2, values);
    }
    Field longs(std::uint32_t tag, std::initializer_list<std::uint32_t> values) const {
        return numbers(tag, 4, 4, values);
    }
    Field rational(std::uint32_t tag, std::uint32_t value) const {
        Field field = numbers(tag, 5, 4, {value, 1});
        field.count = 1;
        return field;
    }
    static Field opaque(std::uint32_t tag, const Bytes& value) {
        return {tag, 7, static_cast<std::uint32_t>(value.size()), value};
    }

    std::uint32_t end() const { return static_cast<std::uint32_t>(bytes.size()); }
    void append(const Bytes& more) { bytes.insert(bytes.end(), more.begin(), more.end()); }
    void set(std::size_t at, const Bytes& value) {
        for (std::size_t i = 0; i < value.size(); ++i) bytes.at(at + i) = value[i];
    }

    /// A directory and behind it the values that it has no place for. Returns where it is.
    std::uint32_t directory(const std::vector<Field>& fields, std::uint32_t next = 0) {
        const std::uint32_t at = end();
        std::uint32_t outside = at + 2 + 12 * static_cast<std::uint32_t>(fields.size()) + 4;
        append(number(static_cast<std::uint32_t>(fields.size()), 2));
        for (const Field& field : fields) {
            append(number(field.tag, 2));
            append(number(field.type, 2));
            append(number(field.count, 4));
            Bytes value = field.value;
            if (value.size() > 4) {
                value = number(outside, 4);
                outside += static_cast<std::uint32_t>(field.value.size());
            }
            value.resize(4);
            append(value);
        }
        append(number(next, 4));
        for (const Field& field : fields) {
            if (field.value.size() > 4) append(field.value);
        }
        return at;
    }
    void set_first_directory(std::uint32_t at) { set(4, number(at, 4)); }
    /// Behind the directory `at`, which has so many fields.
    void set_next(std::uint32_t at, std::uint32_t fields, std::uint32_t next) {
        set(at + 2 + 12 * fields, number(next, 4));
    }

    Bytes bytes;

  private:
    Field numbers(std::uint32_t tag, std::uint32_t type, std::size_t each,
                  std::initializer_list<std::uint32_t> values) const {
        Field field{tag, type, static_cast<std::uint32_t>(values.size()), {}};
        for (const std::uint32_t value : values) {
            const Bytes more = number(value, each);
            field.value.insert(field.value.end(), more.begin(), more.end());
        }
        return field;
    }

    bool is_big_;
};

}  // namespace shadenet::test
