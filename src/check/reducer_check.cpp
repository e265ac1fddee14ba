#include <fmt/format.h>

#include "check/harness.h"
#include "check/kernel_cases.h"
#include "engine/tensors/reducer.h"
#include "model/random.h"

namespace shadenet::check {

constexpr float untouched_row = 0.25f;  // the value of the rows beside a result, before and after

std::vector<Comparison> check_reducer(const Device& device, const ReducerCase& one) {
    std::mt19937_64 random = random_stream(one.seed, 0);
    const std::uint64_t count = std::uint64_t{one.rows} * one.columns;
    const std::vector<float> values = random_values(count, one.data, random);
    const Shape sums_shape{1, 1, one.to_row + 2, one.columns};
    const GuardedTensor sums(device, sums_shape, "sums",
                             std::vector<float>(sums_shape.values(), untouched_row));
    Reducer reducer(device);
    reducer.reserve(one.rows, one.columns, one.set);
    const BufferRange partials = reducer.partials(count, one.set);
    partials.buffer->upload(std::span<const float>(values), partials.offset);
    Recorder recorder(device);
    reducer.sum(recorder, one.set, one.rows, one.columns, one.scale, sums.first_image(), one.to_row);
    recorder.finish();

    std::vector<double> expected(sums_shape.values(), untouched_row);
    for (std::uint32_t column = 0; column < one.columns; ++column) {
        double sum = 0;
        for (std::uint32_t row = 0; row < one.rows; ++row)
            sum += values[std::size_t{row} * one.columns + column];
        expected[std::size_t{one.to_row} * one.columns + column] = sum * static_cast<double>(one.scale);
    }
    Report report(fmt::format("{} rows of {}, scale {}, to row {}, set {}, {}", one.rows, one.columns,
                              one.scale, one.to_row, one.set, to_string(one.data)),
                  one.seed);
    const Tolerance tolerance = one.data == Data::halves ? tolerance::exact : tolerance::gradient;
    report.add("column sum", compare("sums", sums.download(), expected, sums_shape, tolerance));
    add_damage(report, "column sum", {&sums});
    return report.take();
}

}  // namespace shadenet::check
