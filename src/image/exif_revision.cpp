#include <cstring>
#include <set>

#include "image/jpeg_segments.h"
#include "image/revision.h"
#include "image/tiff.h"

namespace shadenet {

namespace {

namespace exif_tag {
constexpr std::uint64_t width = 0x0100, height = 0x0101, orientation = 0x0112, across = 0x011a, down = 0x011b,
                        directories = 0x014a, xmp = 0x02bc, related_width = 0x1001, related_height = 0x1002,
                        gdi_thumbnail = 0x501b, photoshop = 0x8649, exif = 0x8769, gps = 0x8825,
                        subject_area = 0x9214, pixels_across = 0xa002, pixels_down = 0xa003,
                        interoperability = 0xa005, focal_across = 0xa20e, focal_down = 0xa20f,
                        subject_location = 0xa214;
}

// Tags for the places of pixels, each with the tag for the number of bytes there.
constexpr std::pair<std::uint64_t, std::uint64_t> pixel_tags[] = {
    {0x0111, 0x0117}, {0x0144, 0x0145}, {0x0201, 0x0202}};

bool leads_to_pixels(std::uint64_t tag) {
    if (tag == exif_tag::directories || tag == exif_tag::gdi_thumbnail) return true;
    return std::ranges::any_of(pixel_tags,
                               [tag](const auto& pair) { return tag == pair.first || tag == pair.second; });
}

bool leads_to_directory(std::uint64_t tag) {
    return tag == exif_tag::exif || tag == exif_tag::gps || tag == exif_tag::interoperability;
}

// Limits that no honest file exceeds.
constexpr std::size_t most_directories = 32, most_strips = 4096, most_embedded = 64;

/// IFD0 and the directories that it leads to are kept. The chain of directories after it holds thumbnails.
class ExifRevision {
  public:
    ExifRevision(std::vector<std::byte>& exif, const Tiff& tiff, Revision& revision)
        : exif_(exif), tiff_(tiff), revision_(revision) {}

    bool run() {
        if (!keep(tiff_.first_directory())) return false;
        drop(tiff_.next_directory(kept_.front()));
        std::uint64_t bytes = 0;
        for (const ByteRange& range : structure_) bytes += range.end - range.begin;
        structure_ = merged(structure_);
        for (const ByteRange& range : structure_) bytes -= range.end - range.begin;
        if (bytes != 0) return false;  // directories overlap
        if (!find_embedded()) return false;
        clear();
        for (const TiffDirectory& directory : kept_) rewrite(directory);
        exif_.resize(end_);
        if (tiff_.number(kept_.front().at, 2) == 0) exif_.clear();
        return true;
    }

  private:
    /// Of the kept directories, only IFD0 surely ends with the place of a next one. Others may omit that
    /// place, so that values follow them directly.
    ByteRange bytes_of(const TiffDirectory& directory, bool is_dropped = false) const {
        const bool has_next = is_dropped || directory.at == tiff_.first_directory();
        return {directory.at, std::min(directory.next_at() + (has_next ? 4 : 0), tiff_.size())};
    }

    bool is_left_out(std::uint64_t tag) const {
        const bool is_place = tag == exif_tag::subject_area || tag == exif_tag::subject_location;
        return leads_to_pixels(tag) || tag == exif_tag::xmp || tag == exif_tag::photoshop ||
               (is_place && revision_.is_turned());
    }

    /// Registers a directory to keep, and the directories that it leads to.
    bool keep(std::uint64_t at) {
        const std::optional<TiffDirectory> directory = tiff_.directory(at);
        if (!directory || !directory->is_whole || kept_.size() == most_directories) return false;
        kept_.push_back(*directory);
        structure_.push_back(bytes_of(*directory));
        for (const TiffEntry& entry : tiff_.entries(*directory)) {
            (is_left_out(entry.tag) ? dropped_ : values_).push_back(tiff_.value_outside(entry));
            if (!leads_to_directory(entry.tag)) continue;
            const std::vector<std::uint64_t> place = tiff_.numbers(entry, 1);
            const bool is_there = place.size() == 1 && place[0] != 0 && place[0] < tiff_.size();
            if (is_there && !keep(place[0])) return false;
        }
        find_pixels(*directory);
        return true;
    }

    /// Registers a chain of directories to remove.
    void drop(std::uint64_t first) {
        std::vector<std::uint64_t> waiting = {first};
        while (!waiting.empty()) {
            const std::uint64_t at = waiting.back();
            waiting.pop_back();
            const std::optional<TiffDirectory> directory = tiff_.directory(at);
            if (!directory || seen_.size() == most_directories || !seen_.insert(at).second) continue;
            dropped_.push_back(bytes_of(*directory, true));
            for (const TiffEntry& entry : tiff_.entries(*directory)) {
                dropped_.push_back(tiff_.value_outside(entry));
            }
            find_pixels(*directory);
            waiting.push_back(tiff_.next_directory(*directory));
        }
    }

    /// Registers the pixels that a directory leads to, and the directories of further pictures.
    void find_pixels(const TiffDirectory& directory) {
        const std::vector<TiffEntry> entries = tiff_.entries(directory);
        const auto numbers_of = [&](std::uint64_t tag) {
            for (const TiffEntry& entry : entries) {
                if (entry.tag == tag) return tiff_.numbers(entry, most_strips);
            }
            return std::vector<std::uint64_t>{};
        };
        for (const auto& [places, lengths] : pixel_tags) {
            const std::vector<std::uint64_t> at = numbers_of(places), bytes = numbers_of(lengths);
            for (std::size_t i = 0; i < std::min(at.size(), bytes.size()); ++i) {
                const std::uint64_t begin = std::min(at[i], tiff_.size());
                pixels_.push_back({begin, std::min(begin + bytes[i], tiff_.size())});
            }
        }
        for (const TiffEntry& entry : entries) {
            if (entry.tag == exif_tag::gdi_thumbnail) pixels_.push_back(tiff_.value_outside(entry));
        }
        for (const std::uint64_t at : numbers_of(exif_tag::directories)) drop(at);
    }

    /// Finds JPEGs that no known tag leads to, e.g. previews in maker notes. A JPEG ends with the value that
    /// it is in, or else before the next kept value or directory.
    bool find_embedded() {
        const std::optional<std::vector<ByteRange>> found = embedded_jpegs(exif_, most_embedded);
        if (!found) return false;
        for (ByteRange jpeg : *found) {
            const bool is_inside =
                std::ranges::any_of(values_, [&](const ByteRange& value) { return value.holds(jpeg.begin); });
            for (const std::vector<ByteRange>* ranges : {&structure_, &values_}) {
                for (const ByteRange& range : *ranges) {
                    if (range.holds(jpeg.begin)) jpeg.end = std::min(jpeg.end, range.end);
                    if (range.begin > jpeg.begin && !is_inside) {
                        jpeg.end = std::min(jpeg.end, range.begin);
                    }
                }
            }
            embedded_.push_back(jpeg);
        }
        return true;
    }

    /// Overwrites the removed bytes with zeros, and finds the block's end without such zeros.
    void clear() {
        std::vector<ByteRange> stays = structure_;
        stays.insert(stays.end(), values_.begin(), values_.end());
        stays.push_back({0, 8});
        stays = merged(stays);
        const std::vector<ByteRange> pixels = without(merged(pixels_), stays);
        const std::vector<ByteRange> embedded = without(merged(embedded_), structure_);
        std::vector<ByteRange> gone = without(merged(dropped_), stays);
        for (const auto* ranges : {&pixels, &embedded}) {
            for (const ByteRange& range : *ranges) {
                if (fill(range)) revision_.leave_out_thumbnail();
            }
            gone.insert(gone.end(), ranges->begin(), ranges->end());
        }
        gone = without(merged(gone), stays);
        for (const ByteRange& range : gone) fill(range);
        end_ = !gone.empty() && gone.back().end == tiff_.size() ? gone.back().begin : tiff_.size();
    }

    /// Fills the range with zeros; true if other bytes were there.
    bool fill(const ByteRange& range) {
        const auto piece = std::span(exif_).subspan(range.begin, range.end - range.begin);
        const bool was = !is_zero(piece);
        std::ranges::fill(piece, std::byte{0});
        return was;
    }

    void rewrite(const TiffDirectory& directory) {
        std::uint64_t to = directory.at + 2;
        if (revision_.is_sideways()) {
            exchange(directory, exif_tag::across, exif_tag::down);
            exchange(directory, exif_tag::focal_across, exif_tag::focal_down);
        }
        for (const TiffEntry& entry : tiff_.entries(directory)) {
            note_left_out(entry.tag);
            if (is_left_out(entry.tag)) continue;
            make_right(entry);
            std::memmove(exif_.data() + to, exif_.data() + entry.at, 12);
            to += 12;
        }
        tiff_.put(exif_, directory.at, 2, (to - directory.at - 2) / 12);
        fill({to, bytes_of(directory).end});
    }

    void note_left_out(std::uint64_t tag) {
        if (!is_left_out(tag)) return;
        if (tag == exif_tag::xmp) revision_.note("XMP inside its EXIF was left out");
        if (tag == exif_tag::photoshop) revision_.note("Photoshop's resources inside its EXIF were left out");
        if (tag == exif_tag::subject_area || tag == exif_tag::subject_location) revision_.leave_out_places();
    }

    void exchange(const TiffDirectory& directory, std::uint64_t one, std::uint64_t other) {
        std::uint64_t first = 0, second = 0;
        for (const TiffEntry& entry : tiff_.entries(directory)) {
            if (entry.tag == one) first = entry.at;
            if (entry.tag == other) second = entry.at;
        }
        if (first == 0 || second == 0) return;
        std::byte* const bytes = exif_.data();
        std::swap_ranges(bytes + first + 2, bytes + first + 12, bytes + second + 2);
    }

    void make_right(const TiffEntry& entry) {
        switch (entry.tag) {
            case exif_tag::orientation:
                return put(entry, 1);
            case exif_tag::width:
            case exif_tag::pixels_across:
            case exif_tag::related_width:
                return put(entry, revision_.width);
            case exif_tag::height:
            case exif_tag::pixels_down:
            case exif_tag::related_height:
                return put(entry, revision_.height);
            default:
                return;
        }
    }

    /// The bytes after a short number mean nothing, and stay.
    void put(const TiffEntry& entry, std::uint64_t value) {
        const bool fits = value <= 0xffff && (entry.type == tiff_type::short_number || value == 1);
        const std::uint64_t type = fits ? tiff_type::short_number : tiff_type::long_number;
        if (entry.type != type || entry.count != 1) {
            tiff_.put(exif_, entry.at + 2, 2, type);
            tiff_.put(exif_, entry.at + 4, 4, 1);
            tiff_.put(exif_, entry.at + 8, 4, 0);
        }
        tiff_.put(exif_, entry.at + 8, fits ? 2 : 4, value);
    }

    std::vector<std::byte>& exif_;
    const Tiff& tiff_;
    Revision& revision_;
    std::vector<TiffDirectory> kept_;
    std::set<std::uint64_t> seen_;
    std::vector<ByteRange> structure_, values_;           // bytes to keep
    std::vector<ByteRange> dropped_, pixels_, embedded_;  // bytes to remove
    std::uint64_t end_ = 0;
};

}  // namespace

bool revise_exif(std::vector<std::byte>& exif, Revision& revision) {
    const std::optional<Tiff> tiff = Tiff::open(exif);
    return tiff && ExifRevision(exif, *tiff, revision).run();
}

}  // namespace shadenet
