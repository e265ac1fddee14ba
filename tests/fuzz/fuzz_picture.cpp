// Any bytes as a picture file: PNG, JPEG, BMP and TGA, by their seeds.
#include "fuzz/png_checksums.h"
#include "fuzz/read_picture.h"

using namespace shadenet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::read_picture(data, size);
    return 0;
}

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned) {
    const std::size_t changed = LLVMFuzzerMutate(data, size, max_size);
    fuzz::mend_png_checksums({data, changed});
    return changed;
}
