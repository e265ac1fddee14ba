// Any bytes as a picture file that begins as a WebP, by its seeds: each format has time of its own.
#include "fuzz/read_picture.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    shadenet::fuzz::read_picture(data, size);
    return 0;
}
