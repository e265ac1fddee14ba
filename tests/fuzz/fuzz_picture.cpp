// Any bytes as a picture file, under a name that allows every format.
#include <span>
#include <vector>

#include "fuzz/fuzz.h"
#include "fuzz/png_checksums.h"
#include "image/picture_file.h"

using namespace shadenet;

/// A header alone may promise gigabytes, which is no finding.
constexpr std::uint64_t most_pixels = 1 << 22;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto bytes = std::as_bytes(std::span(data, size));
    fuzz::read_or_refuse([&] {
        PictureReader reader({bytes.begin(), bytes.end()}, "x.tga");
        const PictureFacts& facts = reader.facts();
        if (std::uint64_t{facts.width} * facts.height > most_pixels) return;
        for (const std::string& note : facts.notes) fuzz::expect_one_line(note);
        reader.decode();
    });
    return 0;
}

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned) {
    const std::size_t changed = LLVMFuzzerMutate(data, size, max_size);
    fuzz::mend_png_checksums({data, changed});
    return changed;
}
