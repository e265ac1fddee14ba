#include "image/tiff_tree.h"

#include <optional>
#include <set>
#include <utility>

#include "image/tiff.h"

namespace shadenet {

namespace {

constexpr std::uint64_t kept_of_first[] = {270 /* description */, 271 /* make */,     272 /* model */,
                                           tiff_tag::orientation, 305 /* software */, 306 /* time */,
                                           315 /* artist */,      316 /* computer */, 33432 /* copyright */,
                                           tiff_tag::exif,        tiff_tag::gps};

bool is_directory(std::uint64_t tag) {
    return tag == tiff_tag::exif || tag == tiff_tag::gps || tag == tiff_tag::interoperability;
}

class TreeReader {
  public:
    explicit TreeReader(const Tiff& tiff) : tiff_(tiff) {}

    /// The fields of kept_of_first, and of the directories that they refer to all. Damaged blocks may refer
    /// to one place again and again: a tag and a directory are taken once, and no more bytes than there are.
    TiffTree read(std::uint64_t at, int depth = 0) {
        TiffTree tree;
        const std::optional<TiffDirectory> directory = tiff_.directory(at);
        if (!directory || depth > 2 || !directories_.insert(at).second) return tree;
        std::set<std::uint64_t> tags;
        for (const TiffEntry& entry : tiff_.entries(*directory)) {
            const bool wanted =
                depth > 0 || std::ranges::find(kept_of_first, entry.tag) != std::end(kept_of_first);
            if (entry.tag == tiff_tag::maker_note) had_maker_note = true;
            if (!wanted || entry.tag == tiff_tag::maker_note || !tags.insert(entry.tag).second) continue;
            TiffField field{entry.tag, entry.type, entry.count, {}, {}};
            if (is_directory(entry.tag)) {
                const std::vector<std::uint64_t> place = tiff_.numbers(entry, 1);
                if (place.size() == 1) field.directory = read(place[0], depth + 1);
                if (field.directory.empty()) continue;
            } else {
                const Bytes values = tiff_.values(entry);
                if (values.empty() || values.size() > left_) continue;
                left_ -= values.size();
                field.values.assign(values.begin(), values.end());
            }
            tree.push_back(std::move(field));
        }
        return tree;
    }

    bool had_maker_note = false;

  private:
    const Tiff& tiff_;
    std::set<std::uint64_t> directories_;  ///< the places of those that were read
    std::uint64_t left_ = tiff_.size();    ///< bytes of values that may still be taken
};

class TreeWriter {
  public:
    explicit TreeWriter(bool big_endian) : big_endian_(big_endian) {
        append(bytes_, as_bytes(big_endian ? std::string_view("MM\0*", 4) : std::string_view("II*\0", 4)));
        put(8, 4);
    }

    void write(TiffTree& tree) {
        std::ranges::stable_sort(tree, {}, &TiffField::tag);
        const std::size_t at = bytes_.size();
        put(tree.size(), 2);
        bytes_.resize(at + 2 + 12 * tree.size() + 4);
        for (std::size_t i = 0; i < tree.size(); ++i) write_field(tree[i], at + 2 + 12 * i);
    }

    std::vector<std::byte> take() { return std::move(bytes_); }

  private:
    void put(std::uint64_t value, std::size_t count) {
        bytes_.resize(bytes_.size() + count);
        set(bytes_.size() - count, value, count);
    }

    void set(std::size_t at, std::uint64_t value, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            bytes_[at + i] = static_cast<std::byte>(value >> (8 * (big_endian_ ? count - 1 - i : i)));
        }
    }

    void write_field(TiffField& field, std::size_t at) {
        const bool refers = !field.directory.empty();
        set(at, field.tag, 2);
        set(at + 2, refers ? tiff_type::long_number : field.type, 2);
        set(at + 4, refers ? 1 : field.count, 4);
        if (!refers && field.values.size() <= 4) {
            std::ranges::copy(field.values, bytes_.begin() + static_cast<std::ptrdiff_t>(at + 8));
            return;
        }
        if (bytes_.size() % 2 != 0) bytes_.push_back(std::byte{0});  // places are even
        set(at + 8, bytes_.size(), 4);
        if (refers) return write(field.directory);
        append(bytes_, field.values);
        if (bytes_.size() % 2 != 0) bytes_.push_back(std::byte{0});
    }

    bool big_endian_;
    std::vector<std::byte> bytes_;
};

}  // namespace

TiffTree exif_tree(Bytes block, bool& had_maker_note) {
    const std::optional<Tiff> tiff = Tiff::open(block);
    if (!tiff) return {};
    TreeReader reader(*tiff);
    TiffTree tree = reader.read(tiff->first_directory());
    had_maker_note = reader.had_maker_note;
    return tree;
}

TiffField tiff_numbers(std::uint64_t tag, std::uint64_t type, std::span<const std::uint64_t> numbers,
                       bool big_endian) {
    TiffField field{tag, type, numbers.size(), {}, {}};
    const std::size_t each = type == tiff_type::short_number ? 2 : 4;
    for (const std::uint64_t number : numbers) {
        for (std::size_t i = 0; i < each; ++i) {
            field.values.push_back(static_cast<std::byte>(number >> (8 * (big_endian ? each - 1 - i : i))));
        }
    }
    return field;
}

std::vector<std::byte> laid_out(TiffTree tree, bool big_endian) {
    TreeWriter writer(big_endian);
    writer.write(tree);
    return writer.take();
}

}  // namespace shadenet
