#include <fmt/format.h>

#include "check/harness.h"
#include "check/kernel_cases.h"
#include "engine/learning/mean_squared_error.h"
#include "model/random.h"
#include "reference/loss.h"

namespace shadenet::check {

constexpr float untouched = 0.25f;  // the value of the rows beside a result, before and after

std::vector<Comparison> check_loss(const Device& device, const LossCase& one) {
    std::mt19937_64 random = random_stream(one.seed, 0);
    const std::vector<float> result_values = random_values(one.result.values(), one.data, random);
    const std::vector<float> target_values = random_values(one.result.values(), one.data, random);
    const GuardedTensor result(device, one.result, "result", result_values);
    const GuardedTensor target(device, one.result, "target", target_values);
    const GuardedTensor dresult(device, one.result, "dresult");
    const Shape rows{1, 1, 1, one.row + 2};
    const GuardedTensor losses(device, rows, "losses", std::vector<float>(rows.values(), untouched));
    Reducer reducer(device);
    const auto kernels = mean_squared_error.make(device, reducer, one.result);
    Recorder recorder(device);
    kernels->forward(recorder, result.view(), target.view(), losses.first_image(), one.row);
    kernels->backward(recorder, result.view(), target.view(), dresult.view());
    recorder.finish();

    const auto expected =
        reference::mean_squared_error(reference::tensor_from_floats(one.result, result_values),
                                      reference::tensor_from_floats(one.result, target_values));
    std::vector<double> expected_rows(rows.values(), untouched);
    expected_rows[one.row] = expected.loss;
    Report report(fmt::format("{}, row {}, {}", to_string(one.result), one.row, to_string(one.data)),
                  one.seed);
    report.add("loss forward", compare("loss", losses.download(), expected_rows, rows, tolerance::loss));
    report.add("loss backward",
               compare("dresult", dresult.download(), expected.dout.values, one.result, tolerance::forward));
    add_damage(report, "loss", {&result, &target, &losses, &dresult});
    return report.take();
}

std::vector<Comparison> check_reducer(const Device& device, const ReducerCase& one) {
    std::mt19937_64 random = random_stream(one.seed, 0);
    const std::uint64_t count = std::uint64_t{one.rows} * one.columns;
    const std::vector<float> values = random_values(count, one.data, random);
    const Shape sums_shape{1, 1, one.to_row + 2, one.columns};
    const GuardedTensor sums(device, sums_shape, "sums", std::vector<float>(sums_shape.values(), untouched));
    Reducer reducer(device);
    reducer.reserve(one.rows, one.columns, one.set);
    const BufferRange partials = reducer.partials(count, one.set);
    partials.buffer->upload(std::span<const float>(values), partials.offset);
    Recorder recorder(device);
    reducer.sum(recorder, one.set, one.rows, one.columns, one.scale, sums.first_image(), one.to_row);
    recorder.finish();

    std::vector<double> expected(sums_shape.values(), untouched);
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
