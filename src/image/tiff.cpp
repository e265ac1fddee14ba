#include "image/tiff.h"

namespace shadenet {

std::uint64_t bytes_of_type(std::uint64_t type) {
    constexpr std::uint64_t bytes[] = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4};
    return type < std::size(bytes) ? bytes[type] : 0;
}

std::vector<ByteRange> merged(std::vector<ByteRange> ranges) {
    std::erase_if(ranges, [](const ByteRange& range) { return range.is_empty(); });
    std::ranges::sort(ranges, {}, &ByteRange::begin);
    std::vector<ByteRange> result;
    for (const ByteRange& range : ranges) {
        if (result.empty() || result.back().end < range.begin) {
            result.push_back(range);
        } else {
            result.back().end = std::max(result.back().end, range.end);
        }
    }
    return result;
}

std::vector<ByteRange> without(const std::vector<ByteRange>& ranges, const std::vector<ByteRange>& others) {
    std::vector<ByteRange> result;
    auto other = others.begin();
    for (ByteRange range : ranges) {
        while (other != others.end() && other->end <= range.begin) ++other;
        for (auto it = other; it != others.end() && it->begin < range.end; ++it) {
            if (range.begin < it->begin) result.push_back({range.begin, it->begin});
            range.begin = it->end;
        }
        if (!range.is_empty()) result.push_back(range);
    }
    return result;
}

std::optional<Tiff> Tiff::open(Bytes block) {
    const bool is_big = starts_with(block, std::string_view("MM\0*", 4));
    if (!is_big && !starts_with(block, std::string_view("II*\0", 4))) return std::nullopt;
    if (block.size() < 8) return std::nullopt;
    return Tiff(block, is_big);
}

std::uint64_t Tiff::number(std::uint64_t at, std::size_t count) const {
    return is_big_ ? big(block_, at, count) : little(block_, at, count);
}

std::optional<TiffDirectory> Tiff::directory(std::uint64_t at) const {
    if (at < 8 || at + 2 > size()) return std::nullopt;
    const std::uint64_t promised = number(at, 2), there = (size() - at - 2) / 12;
    return TiffDirectory{at, std::min(promised, there), promised <= there};
}

std::vector<TiffEntry> Tiff::entries(const TiffDirectory& directory) const {
    std::vector<TiffEntry> entries;
    for (std::uint64_t at = directory.at + 2; at < directory.next_at(); at += 12) {
        entries.push_back({at, number(at, 2), number(at + 2, 2), number(at + 4, 4)});
    }
    return entries;
}

std::uint64_t Tiff::next_directory(const TiffDirectory& directory) const {
    const std::uint64_t at = directory.next_at();
    return directory.is_whole && at + 4 <= size() ? number(at, 4) : 0;
}

ByteRange Tiff::value_outside(const TiffEntry& entry) const {
    const std::uint64_t bytes = entry.count * bytes_of_type(entry.type);
    if (bytes <= 4) return {};
    const std::uint64_t begin = std::min(number(entry.at + 8, 4), size());
    return {begin, std::min(begin + bytes, size())};
}

Bytes Tiff::values(const TiffEntry& entry) const {
    const std::uint64_t each = bytes_of_type(entry.type);
    if (each == 0 || entry.count == 0 || entry.count > size()) return {};
    const std::uint64_t bytes = each * entry.count;
    const std::uint64_t at = bytes <= 4 ? entry.at + 8 : number(entry.at + 8, 4);
    if (at > size() || bytes > size() - at) return {};
    return block_.subspan(at, bytes);
}

std::vector<std::uint64_t> Tiff::numbers(const TiffEntry& entry, std::size_t most) const {
    std::vector<std::uint64_t> result;
    const bool is_short = entry.type == tiff_type::short_number;
    if (!is_short && entry.type != tiff_type::long_number && entry.type != tiff_type::directory)
        return result;
    const std::uint64_t each = bytes_of_type(entry.type), bytes = entry.count * each;
    const std::uint64_t at = bytes <= 4 ? entry.at + 8 : number(entry.at + 8, 4);
    if (entry.count > most || at + bytes > size()) return result;
    for (std::uint64_t i = 0; i < entry.count; ++i) result.push_back(number(at + i * each, each));
    return result;
}

void Tiff::put(std::span<std::byte> block, std::uint64_t at, std::size_t count, std::uint64_t value) const {
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t shift = 8 * (is_big_ ? count - 1 - i : i);
        block[at + i] = static_cast<std::byte>(value >> shift);
    }
}

int exif_orientation(Bytes exif) {
    constexpr std::uint64_t orientation_tag = 0x0112;
    const std::optional<Tiff> tiff = Tiff::open(exif);
    const auto directory = tiff ? tiff->directory(tiff->first_directory()) : std::nullopt;
    if (!directory) return 1;
    for (const TiffEntry& entry : tiff->entries(*directory)) {
        if (entry.tag != orientation_tag) continue;
        const std::uint64_t value = tiff->number(entry.at + 8, 2);
        const bool sound = entry.type == tiff_type::short_number && entry.count == 1;
        return sound && value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
    }
    return 1;
}

}  // namespace shadenet
