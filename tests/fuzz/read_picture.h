// What the targets of picture files share: any bytes as a picture file, under a name that allows every
// format, its metadata as a result gets them, and its rows, some at a time, as of the whole picture.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <sys/mman.h>
#include <unistd.h>

#include "fuzz/fuzz.h"
#include "image/picture_file.h"
#include "image/revision.h"
#include "image/samples.h"
#include "image/tiff.h"

namespace shadenet::fuzz {

/// A header alone may promise gigabytes, which is no finding.
constexpr std::uint64_t most_pixels = 1 << 22;

/// Whatever the file says, its result says that it lies upright.
inline void expect_right(const FilePicture& picture) {
    const int orientation = exif_orientation(picture.metadata.exif);
    Revision revision{.width = 70000, .height = 3, .orientation = orientation, .notes = {}};
    const Metadata metadata = revised(picture.metadata, revision);
    if (exif_orientation(metadata.exif) != 1) std::abort();
    if (metadata.exif.size() > picture.metadata.exif.size()) std::abort();
    for (const std::string& note : revision.notes) expect_one_line(note);
}

/// A file in memory, by a path.
class MemoryFile {
  public:
    explicit MemoryFile(std::span<const std::byte> bytes) : descriptor_(memfd_create("fuzz", MFD_CLOEXEC)) {
        if (write(descriptor_, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()))
            std::abort();
    }
    ~MemoryFile() { close(descriptor_); }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;
    std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

  private:
    int descriptor_;
};

/// Reads `count` rows at a time, and the pixels from the file then only.
template <class Kind>
void expect_rows_of(const Kind& whole, const std::vector<std::uint16_t>& alpha, PictureRows& rows,
                    std::uint32_t count) {
    const std::size_t width = whole.width;
    for (std::uint32_t y = 0; y < whole.height; y += count) {
        count = std::min(count, whole.height - y);
        Kind colour{whole.width, count, {}};
        colour.rgb.resize(3 * width * count);
        PixelRows some{std::move(colour), std::vector<std::uint16_t>(alpha.empty() ? 0 : width * count)};
        rows.read(some, 0, count);
        const auto& rgb = std::get<Kind>(some.colour).rgb;
        const auto first = static_cast<std::ptrdiff_t>(width * y);
        if (!std::equal(rgb.begin(), rgb.end(), whole.rgb.begin() + 3 * first)) std::abort();
        if (!std::equal(some.alpha.begin(), some.alpha.end(), alpha.begin() + (alpha.empty() ? 0 : first))) {
            std::abort();
        }
    }
}

/// What can be read whole can be read by rows, and is the same then.
inline void expect_same_rows(std::span<const std::byte> bytes, const FilePicture& whole) {
    const MemoryFile file(bytes);
    try {
        PictureReader reader(file.path(), 0);
        if (!reader.facts().by_rows) std::abort();
        const std::unique_ptr<PictureRows> rows = reader.rows();
        const auto count = static_cast<std::uint32_t>(1 + bytes.size() % 9);
        with_integers(whole.colour,
                      [&](const auto& colour) { expect_rows_of(colour, whole.alpha, *rows, count); });
    } catch (const InputError& error) {
        std::fprintf(stderr, "read whole, but by rows refused: %s\n", error.what());
        std::abort();
    }
}

inline void read_picture(const std::uint8_t* data, std::size_t size) {
    const auto bytes = std::as_bytes(std::span(data, size));
    read_or_refuse([&] {
        PictureReader reader({bytes.begin(), bytes.end()}, "x.tga");
        const PictureFacts& facts = reader.facts();
        if (std::uint64_t{facts.width} * facts.height > most_pixels) return;
        for (const std::string& note : facts.notes) expect_one_line(note);
        const bool by_rows = facts.by_rows;
        const FilePicture picture = reader.decode();
        expect_right(picture);
        if (by_rows) expect_same_rows(bytes, picture);
    });
}

}  // namespace shadenet::fuzz
