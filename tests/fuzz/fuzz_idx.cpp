// Any bytes as an IDX file of pictures and of labels, as they are and as the contents of a compressed file.
#include <cstdlib>
#include <span>
#include <vector>

#include <zlib.h>

#include "data/labelled/idx.h"
#include "fuzz/fuzz.h"

using namespace shadenet;

void read_both(std::span<const std::byte> file) {
    fuzz::read_or_refuse([&] {
        const IdxPictures pictures = read_idx_pictures(file, "x", nullptr);
        const std::size_t values = std::size_t{pictures.count} * pictures.height * pictures.width;
        if (pictures.levels.empty() || pictures.levels.size() != values) std::abort();
    });
    fuzz::read_or_refuse([&] {
        if (read_idx_labels(file, "x", nullptr).empty()) std::abort();
    });
}

/// With right checksums, which changed files do not have.
std::vector<std::byte> compressed(const std::uint8_t* data, std::size_t size) {
    z_stream stream{};
    constexpr int window = 15, gzip = 16, memory = 8;
    deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, window + gzip, memory, Z_DEFAULT_STRATEGY);
    std::vector<std::byte> packed(deflateBound(&stream, size));
    stream.next_in = const_cast<Bytef*>(data);
    stream.avail_in = static_cast<uInt>(size);
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    if (deflate(&stream, Z_FINISH) != Z_STREAM_END) std::abort();
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return packed;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    read_both(std::as_bytes(std::span(data, size)));
    read_both(compressed(data, size));
    return 0;
}
