#include "image/revision.h"

namespace shadenet {

namespace {

namespace resource {
constexpr std::uint64_t old_size = 1000, resolution = 1005, iptc = 1028, guides = 1032, old_thumbnail = 1033,
                        thumbnail = 1036, slices = 1050, exif = 1058, more_exif = 1059, xmp = 1060,
                        iptc_digest = 1061, first_path = 2000, clipping_path = 2999;
}

struct Resource {
    std::uint64_t id = 0;
    Bytes head;  // signature, number and name
    Bytes data;
    Bytes whole;
};

bool is_signature(std::string_view text) {
    constexpr std::string_view known[] = {"8BIM", "AgHg", "DCSR", "MeSa", "PHUT"};
    return std::ranges::find(known, text) != std::end(known);
}

std::uint64_t even(std::uint64_t bytes) {
    return bytes + bytes % 2;
}

std::optional<Resource> first_resource(Bytes list) {
    if (list.size() < 12 || !is_signature(as_text(list.first(4)))) return std::nullopt;
    const std::uint64_t head = 6 + even(1 + byte_at(list, 6));
    if (head + 4 > list.size()) return std::nullopt;
    const std::uint64_t bytes = big(list, head, 4), begin = head + 4;
    if (bytes > list.size() - begin) return std::nullopt;
    // The last resource's padding may be missing.
    const std::uint64_t end = std::min<std::uint64_t>(begin + even(bytes), list.size());
    return Resource{big(list, 4, 2), list.first(head), list.subspan(begin, bytes), list.first(end)};
}

enum class Fate { same, changed, gone };

Fate revise_data(std::uint64_t id, std::vector<std::byte>& data, Revision& revision) {
    const std::vector<std::byte> before = data;
    const auto fate = [&] { return data == before ? Fate::same : Fate::changed; };
    switch (id) {
        case resource::old_thumbnail:
        case resource::thumbnail:
            revision.leave_out_thumbnail();
            return Fate::gone;
        case resource::old_size:
            return Fate::gone;
        case resource::resolution: {  // first across, then down
            constexpr std::size_t half = 8;
            if (!revision.is_sideways() || data.size() < 2 * half) return Fate::same;
            std::swap_ranges(data.begin(), data.begin() + half, data.begin() + half);
            return fate();
        }
        case resource::iptc:
            revise_iptc(data, revision);
            return fate();
        case resource::exif:
        case resource::more_exif:
            if (revise_exif(data, revision)) return fate();
            revision.note("damaged EXIF was left out");
            return Fate::gone;
        case resource::xmp: {
            std::string packet(as_text(data));
            if (!revise_xmp(packet, revision)) {
                revision.note("damaged XMP was left out");
                return Fate::gone;
            }
            data.assign(as_bytes(packet).begin(), as_bytes(packet).end());
            return fate();
        }
        default: {
            const bool is_place = id == resource::guides || id == resource::slices ||
                                  (id >= resource::first_path && id <= resource::clipping_path);
            if (!is_place || !revision.is_turned()) return Fate::same;
            revision.note("Photoshop's paths, guides and slices were left out, since it was turned");
            return Fate::gone;
        }
    }
}

void append_resource(std::vector<std::byte>& to, Bytes head, Bytes data) {
    append(to, head);
    append_big(to, data.size(), 4);
    append(to, data);
    if (data.size() % 2 != 0) to.push_back(std::byte{0});
}

bool changes_iptc(Bytes resources, Revision& revision) {
    bool changes = false;
    while (const std::optional<Resource> found = first_resource(resources)) {
        resources = resources.subspan(found->whole.size());
        if (found->id != resource::iptc) continue;
        std::vector<std::byte> data(found->data.begin(), found->data.end());
        changes = changes || revise_data(found->id, data, revision) == Fate::changed;
    }
    return changes;
}

}  // namespace

// IPTC's datasets: 0x1c, two numbers, a length of two bytes, and data. Two kinds are about pixels: 2:200 to
// 2:202 are a preview, and 2:131 tells which side is longer.
void revise_iptc(std::vector<std::byte>& iptc, Revision& revision) {
    std::vector<std::byte> result;
    Bytes rest = iptc;
    while (rest.size() >= 5 && byte_at(rest, 0) == 0x1c) {
        std::uint64_t begin = 5, bytes = big(rest, 3, 2);
        if (bytes >= 0x8000) {  // then it tells how many bytes the length has
            const std::uint64_t count = bytes - 0x8000;
            if (count > 4 || begin + count > rest.size()) break;
            bytes = big(rest, begin, count);
            begin += count;
        }
        if (bytes > rest.size() - begin) break;
        const unsigned record = byte_at(rest, 1), number = byte_at(rest, 2);
        const bool is_preview = record == 2 && number >= 200 && number <= 202;
        if (is_preview) {
            revision.leave_out_thumbnail();
        } else {
            append(result, rest.first(begin + bytes));
            if (record == 2 && number == 131 && bytes == 1) {
                const bool is_square = revision.width == revision.height;
                const char shape = is_square ? 'S' : revision.width > revision.height ? 'L' : 'P';
                result.back() = static_cast<std::byte>(shape);
            }
        }
        rest = rest.subspan(begin + bytes);
    }
    append(result, rest);
    iptc = std::move(result);
}

void revise_photoshop(std::vector<std::byte>& resources, Revision& revision) {
    std::vector<std::byte> result;
    const bool has_other_iptc = changes_iptc(resources, revision);
    Bytes rest = resources;
    while (const std::optional<Resource> found = first_resource(rest)) {
        rest = rest.subspan(found->whole.size());
        if (found->id == resource::iptc_digest && has_other_iptc) continue;  // a digest of the old IPTC
        std::vector<std::byte> data(found->data.begin(), found->data.end());
        const Fate fate = revise_data(found->id, data, revision);
        if (fate == Fate::same) append(result, found->whole);
        if (fate == Fate::changed) append_resource(result, found->head, data);
    }
    if (!is_zero(rest)) revision.note("damaged resources of Photoshop were left out");
    resources = std::move(result);
}

}  // namespace shadenet
