// Event files read by hand, with nothing of what writes them: checksums bit by bit, and the fields of
// messages as https://protobuf.dev/programming-guides/encoding describes them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"

namespace shadenet::test {

/// CRC-32C of Castagnoli's polynomial, bits reversed: 0x82f63b78.
inline std::uint32_t crc32c(std::string_view data) {
    std::uint32_t crc = 0xffffffff;
    for (const char letter : data) {
        crc ^= static_cast<unsigned char>(letter);
        for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? crc >> 1 ^ 0x82f63b78 : crc >> 1;
    }
    return ~crc;
}

inline std::uint32_t masked_crc32c(std::string_view data) {
    const std::uint32_t crc = crc32c(data);
    return (crc >> 15 | crc << 17) + 0xa282ead8u;
}

/// The fields of a message: by number, in their order, the bytes of each. A number's are its own 4 or 8, and
/// of a varint always 8.
using Message = std::multimap<std::uint32_t, std::string>;

/// Takes bytes off the front; throws std::runtime_error where there are too few.
class Bytes {
  public:
    explicit Bytes(std::string_view rest) : rest_(rest) {}
    bool empty() const { return rest_.empty(); }
    std::string_view take(std::uint64_t count) {
        if (count > rest_.size()) throw std::runtime_error("the data end too early");
        const std::string_view taken = rest_.substr(0, count);
        rest_.remove_prefix(count);
        return taken;
    }
    template <typename Number>
    Number number() {
        Number value;
        std::memcpy(&value, take(sizeof value).data(), sizeof value);
        return value;
    }
    std::uint64_t varint() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            const auto byte = number<unsigned char>();
            value |= std::uint64_t{byte & 0x7fu} << shift;
            if (byte < 0x80) return value;
        }
        throw std::runtime_error("a number without an end");
    }

  private:
    std::string_view rest_;
};

inline Message decode(std::string_view data) {
    Message message;
    Bytes bytes(data);
    while (!bytes.empty()) {
        const std::uint64_t key = bytes.varint();
        std::string value;
        switch (key & 7) {
            case 0: {
                const std::uint64_t number = bytes.varint();
                value.assign(reinterpret_cast<const char*>(&number), sizeof number);
                break;
            }
            case 1:
                value = bytes.take(8);
                break;
            case 2:
                value = bytes.take(bytes.varint());
                break;
            case 5:
                value = bytes.take(4);
                break;
            default:
                throw std::runtime_error("an unknown kind of field");
        }
        message.emplace(static_cast<std::uint32_t>(key >> 3), value);
    }
    return message;
}

/// The number of field `field`, and 0 where there is none, as the encoding means it.
template <typename Number>
Number number_of(const Message& message, std::uint32_t field) {
    const auto found = message.find(field);
    return found == message.end() ? Number{} : Bytes(found->second).number<Number>();
}

inline std::string text_of(const Message& message, std::uint32_t field) {
    const auto found = message.find(field);
    return found == message.end() ? "" : found->second;
}

inline std::vector<double> doubles_of(const Message& message, std::uint32_t field) {
    const std::string packed = text_of(message, field);
    std::vector<double> values;
    for (Bytes bytes(packed); !bytes.empty();) values.push_back(bytes.number<double>());
    return values;
}

struct DecodedHistogram {
    double least, greatest, values, sum, sum_of_squares;
    std::vector<double> limits, counts;
};

struct DecodedPicture {
    std::uint64_t width, height, colours;
    std::string png;
};

/// One record, with the values of its summary by their tags.
struct DecodedEvent {
    double wall_time = 0;
    std::int64_t step = 0;
    std::string version;
    bool starts = false;
    std::map<std::string, float> scalars;
    std::map<std::string, DecodedHistogram> histograms;
    std::map<std::string, DecodedPicture> pictures;
};

inline void add_value(DecodedEvent& event, const Message& value) {
    const std::string tag = text_of(value, 1);
    if (value.contains(2)) event.scalars[tag] = number_of<float>(value, 2);
    if (value.contains(4)) {
        const Message picture = decode(text_of(value, 4));
        event.pictures[tag] = {number_of<std::uint64_t>(picture, 2), number_of<std::uint64_t>(picture, 1),
                               number_of<std::uint64_t>(picture, 3), text_of(picture, 4)};
    }
    if (value.contains(5)) {
        const Message histogram = decode(text_of(value, 5));
        const auto number = [&](std::uint32_t field) { return number_of<double>(histogram, field); };
        event.histograms[tag] = {number(1),
                                 number(2),
                                 number(3),
                                 number(4),
                                 number(5),
                                 doubles_of(histogram, 6),
                                 doubles_of(histogram, 7)};
    }
}

inline DecodedEvent decoded_event(std::string_view data) {
    const Message message = decode(data);
    DecodedEvent event;
    event.wall_time = number_of<double>(message, 1);
    event.step = number_of<std::int64_t>(message, 2);
    event.version = text_of(message, 3);
    event.starts = number_of<std::uint64_t>(decode(text_of(message, 7)), 1) == 1;
    const Message summary = decode(text_of(message, 5));
    for (auto [at, end] = summary.equal_range(1); at != end; ++at) add_value(event, decode(at->second));
    return event;
}

/// All records of a file. Throws std::runtime_error where a checksum is wrong or the end is missing.
inline std::vector<DecodedEvent> read_events(const std::filesystem::path& path) {
    const std::vector<std::byte> file = read_file(path, 1 << 28);
    Bytes bytes({reinterpret_cast<const char*>(file.data()), file.size()});
    std::vector<DecodedEvent> events;
    while (!bytes.empty()) {
        const std::string_view length = bytes.take(8);
        if (bytes.number<std::uint32_t>() != masked_crc32c(length)) throw std::runtime_error("bad length");
        const std::string_view data = bytes.take(Bytes(length).number<std::uint64_t>());
        if (bytes.number<std::uint32_t>() != masked_crc32c(data)) throw std::runtime_error("bad data");
        events.push_back(decoded_event(data));
    }
    return events;
}

/// The event files of a folder, in the order in which TensorBoard reads them.
inline std::vector<std::filesystem::path> event_files(const std::filesystem::path& folder) {
    std::map<std::string, std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with("events.out.tfevents.")) files[name] = entry.path();
    }
    std::vector<std::filesystem::path> paths;
    for (const auto& [name, path] : files) paths.push_back(path);
    return paths;
}

}  // namespace shadenet::test
