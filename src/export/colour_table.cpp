#include "export/colour_table.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <thread>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "base/error.h"
#include "base/threads.h"
#include "export/local_filter.h"
#include "export/number_limit.h"
#include "model/exact_network.h"

namespace shadenet {

namespace {

/// Some minutes of one core.
constexpr std::uint64_t most_table_products = std::uint64_t{1} << 36;

/// The index of the colour below and the way from there to the next, along one axis.
struct TablePlace {
    std::size_t index;
    float way;
};

TablePlace table_place(float value, std::uint32_t side) {
    const float at = std::clamp(value, 0.0f, 1.0f) * static_cast<float>(side - 1);
    const float below = std::min(std::floor(at), static_cast<float>(side - 2));
    return {static_cast<std::size_t>(below), at - below};
}

std::array<float, 3> table_colour(std::uint32_t side, std::size_t index) {
    const auto part = [&](std::size_t step) {
        return static_cast<float>(step % side) / static_cast<float>(side - 1);
    };
    return {part(index), part(index / side), part(index / side / side)};
}

}  // namespace

std::array<float, 3> ColourTable::at(const std::array<float, 3>& colour) const {
    struct Axis {
        TablePlace place;
        std::size_t stride;
    };
    std::array<Axis, 3> axes;
    std::size_t index = 0, stride = 1;
    for (std::size_t c = 0; c < 3; ++c, stride *= side) {
        axes[c] = {table_place(colour[c], side), stride};
        index += axes[c].place.index * stride;
    }
    // From the lower corner to the upper one, along the axis with the longest way first.
    std::ranges::stable_sort(axes, [](const Axis& a, const Axis& b) { return a.place.way > b.place.way; });
    std::array<float, 3> result{};
    float before = 1;
    for (std::size_t step = 0; step <= 3; ++step) {
        const float after = step < 3 ? axes[step].place.way : 0;
        for (std::size_t c = 0; c < 3; ++c) result[c] += (before - after) * colours[index][c];
        if (step < 3) index += axes[step].stride;
        before = after;
    }
    return result;
}

Model of_single_pixels(const Model& model) {
    Model flat = model;
    flat.network.padding = PicturePadding::zero;
    for (Layer& layer : flat.network.layers) {
        auto* const conv = std::get_if<Conv>(&layer);
        if (conv == nullptr) continue;
        const std::size_t taps = std::size_t{conv->kernel} * conv->kernel;
        NamedTensor& weight = flat.parameters.at(conv->name + ".weight");
        std::vector<float> sums(weight.values.size() / taps);
        for (std::size_t i = 0; i < sums.size(); ++i) {
            double sum = 0;
            for (std::size_t t = 0; t < taps; ++t) sum += static_cast<double>(weight.values[i * taps + t]);
            sums[i] = static_cast<float>(sum);
        }
        weight.values = std::move(sums);
        weight.shape = {conv->out_channels, conv->in_channels, 1, 1};
        conv->kernel = 1;
        conv->padding = Padding::same;
    }
    return flat;
}

ColourTable colour_table(const Model& model, std::uint32_t side, const std::string& source,
                         const std::atomic<bool>& stop) {
    require_local_filter(model, source, "no table of colours");
    const Model flat = of_single_pixels(model);
    const ExactNetwork network(flat.network, flat.parameters);
    ColourTable table{side, std::vector<std::array<float, 3>>(std::size_t{side} * side * side)};
    if (network.products() > most_table_products / table.colours.size()) {
        throw InputError(
            fmt::format("{}: is too large a network for a table of {} colours; export it as .onnx{}", source,
                        table.colours.size(), side > table_sides.front() ? ", or with --side 17" : ""));
    }
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
        for (std::size_t index = next++; index < table.colours.size() && !stop; index = next++) {
            const std::array<float, 3> colour = table_colour(side, index);
            const auto source_colour = [&](std::uint32_t c, std::uint32_t, std::uint32_t) {
                return static_cast<double>(colour[c]);
            };
            const std::vector<double> made = network.at(source_colour, 1, 1, 0, 0).values;
            for (std::size_t c = 0; c < 3; ++c) table.colours[index][c] = static_cast<float>(made[c]);
        }
    };
    ThreadGroup others;
    others.start(std::max(1u, std::thread::hardware_concurrency()) - 1, work);
    work();
    others.join();
    if (stop) throw Stopped();
    for (const std::array<float, 3>& colour : table.colours) {
        for (const float part : colour)
            require_exportable(static_cast<double>(part), "table of colours", source);
    }
    return table;
}

std::string cube_text(const ColourTable& table, const std::vector<std::string>& notes) {
    std::string text;
    for (const std::string& note : notes) text += fmt::format("# {}\n", note);
    text += fmt::format("LUT_3D_SIZE {}\nDOMAIN_MIN 0 0 0\nDOMAIN_MAX 1 1 1\n", table.side);
    for (const auto& [red, green, blue] : table.colours) {
        text += fmt::format("{:.7f} {:.7f} {:.7f}\n", red, green, blue);
    }
    return text;
}

Image filtered_by(const ColourTable& table, const Image& image) {
    Image result = image;
    const std::size_t plane = image.plane();
    for (std::size_t i = 0; i < plane; ++i) {
        const std::array<float, 3> made =
            table.at({image.values[i], image.values[plane + i], image.values[2 * plane + i]});
        for (std::size_t c = 0; c < 3; ++c) result.values[c * plane + i] = made[c];
    }
    return result;
}

double squared_difference(const Image& one, const Image& other) {
    double sum = 0;
    for (std::size_t i = 0; i < one.values.size(); ++i) {
        const double difference = static_cast<double>(std::clamp(one.values[i], 0.0f, 1.0f)) -
                                  static_cast<double>(std::clamp(other.values[i], 0.0f, 1.0f));
        sum += difference * difference;
    }
    return sum;
}

}  // namespace shadenet
