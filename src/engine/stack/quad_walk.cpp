#include "engine/stack/quad_walk.h"

#include <algorithm>

namespace shadenet {

std::vector<QuadCall> quad_calls(const Device& device, const PackedView& x, std::uint32_t pixels_per_run,
                                 std::uint64_t most_values) {
    const std::uint32_t blocks = x.blocks(), runs = pieces_of(x.pixels(), pixels_per_run);
    const std::uint64_t image_values = std::uint64_t{4} * blocks * x.pixels();
    const std::uint64_t most_runs = std::max<std::uint64_t>(most_values / 4 / pixels_per_run, 1);
    const auto runs_per_call = static_cast<std::uint32_t>(std::min<std::uint64_t>(runs, most_runs));
    const std::uint64_t planes_per_call = std::max<std::uint64_t>(most_runs / runs, 1);
    std::vector<QuadCall> calls;
    for (const ImageChunk& chunk : packed_chunks(device, x, x, image_values, most_values)) {
        const std::uint64_t images = x.side_by_side() ? 1 : chunk.count, planes = images * blocks;
        for (std::uint64_t plane = 0; plane < planes; plane += planes_per_call) {
            const auto count = static_cast<std::uint32_t>(std::min(planes_per_call, planes - plane));
            for (std::uint32_t run = 0; run < runs; run += runs_per_call) {
                const std::uint32_t part = std::min(runs_per_call, runs - run);
                calls.push_back({chunk,
                                 {.threads = count * part,
                                  .first_image = static_cast<std::uint32_t>(plane / blocks),
                                  .first_block = static_cast<std::uint32_t>(plane % blocks),
                                  .first_run = run,
                                  .runs = part,
                                  .images_before = x.side_by_side() ? 0 : chunk.first,
                                  .blocks = blocks,
                                  .pixels = x.pixels(),
                                  .image_stride = x.image_stride()}});
            }
        }
    }
    return calls;
}

}  // namespace shadenet
