#include "bench/work.h"

namespace shadenet {

Work count_work(const Architecture& architecture, const Shape& input) {
    const std::vector<Shape> shapes = point_shapes(architecture, input);
    Work work;
    for (std::size_t i = 0; i < architecture.layers.size(); ++i) {
        const auto* conv = std::get_if<Conv>(&architecture.layers[i]);
        if (conv == nullptr) continue;
        const double taps = static_cast<double>(conv->in_channels) * conv->kernel * conv->kernel;
        const double pass = 2.0 * taps * static_cast<double>(shapes[i + 1].values());
        work.inference += pass;
        work.training_step += i == 0 ? 2 * pass : 3 * pass;
    }
    return work;
}

}  // namespace shadenet
