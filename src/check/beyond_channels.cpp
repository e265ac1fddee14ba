#include "check/beyond_channels.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace shadenet::check {

void add_zeros_beyond(Report& report, const std::string& kernel, const GuardedPacked& tensor) {
    const PackedView view = tensor.view();
    const Shape& shape = view.shape;
    if (shape.c % 4 == 0) return;
    const std::vector<float> floats = floats_of(view.range());
    const std::size_t block = std::size_t{view.blocks() - 1} * view.block_stride();
    std::vector<float> beyond;
    for (std::size_t n = 0; n < shape.n; ++n) {
        for (std::size_t pixel = 0; pixel < shape.plane(); ++pixel) {
            const std::size_t quad = n * view.image_stride() + block + pixel;
            for (std::size_t i = shape.c % 4; i < 4; ++i) beyond.push_back(floats[4 * quad + i]);
        }
    }
    report.add(kernel, compare(tensor.name() + " beyond", beyond, std::vector<double>(beyond.size(), 0.0),
                               flat(beyond.size()), tolerance::exact));
}

}  // namespace shadenet::check
