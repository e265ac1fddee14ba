#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "check/harness.h"
#include "check/packed_data.h"
#include "check/value_cases.h"
#include "coefficients.h"
#include "engine/stack/point_passes.h"
#include "model/philox.h"
#include "model/random.h"
#include "reference/activation.h"

namespace shadenet::check {

namespace {

constexpr std::uint32_t checked_layer = 3;
constexpr DropoutStep checked_step{0x1234567890abcdef, 0x100000007};

/// Numbers for a norm's channels, row by row as shaders/include/coefficients.h has them.
struct RandomCoefficients {
    std::vector<float> rows[push::COEFFICIENT_QUADS];

    RandomCoefficients(std::uint32_t channels, Data data, std::mt19937_64& random) {
        for (std::vector<float>& row : rows) row = random_values(channels, Data::normal, random);
        for (std::uint32_t c = 0; c < channels; ++c) {
            if (data == Data::offset) rows[push::COEFFICIENT_MEAN][c] += 100;
            rows[push::COEFFICIENT_INVERSE][c] = 0.25f + std::abs(rows[push::COEFFICIENT_INVERSE][c]);
            float& scale = rows[push::COEFFICIENT_SCALE][c];
            scale += scale < 0 ? -0.5f : 0.5f;
        }
    }
    double at(std::uint32_t row, std::size_t channel) const {
        return static_cast<double>(rows[row][channel]);
    }
    /// As kernels read them, with 0 in channels beyond the last one.
    std::vector<float> packed() const {
        const auto channels = static_cast<std::uint32_t>(rows[0].size());
        std::vector<float> quads(std::size_t{4} * blocks_of(channels) * push::COEFFICIENT_QUADS, 0.0f);
        for (std::uint32_t row = 0; row < push::COEFFICIENT_QUADS; ++row) {
            for (std::uint32_t c = 0; c < channels; ++c) {
                quads[4 * (c / 4 * push::COEFFICIENT_QUADS + row) + c % 4] = rows[row][c];
            }
        }
        return quads;
    }
};

std::size_t channel_of(const Shape& shape, std::size_t value) {
    return value / shape.plane() % shape.c;
}

/// z with an activation's argument that is not next to 0.
std::vector<float> random_points(const PointCase& one, const RandomCoefficients& norm,
                                 std::mt19937_64& random) {
    std::vector<float> values = random_values(one.x.values(), one.data, random);
    keep_from_zero(values);
    if (!one.norm) return values;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::size_t c = channel_of(one.x, i);
        const double v = static_cast<double>(values[i]) - norm.at(push::COEFFICIENT_BETA, c);
        values[i] =
            static_cast<float>(v / norm.at(push::COEFFICIENT_SCALE, c) + norm.at(push::COEFFICIENT_MEAN, c));
    }
    return values;
}

struct PointTruth {
    reference::Tensor result;  ///< of the activation
    reference::Tensor a, g, dz;
    std::vector<double> sums;  ///< [tiles][channels][Σg, Σg·x̂]
};

/// Dropout of a tensor that begins with a later example of the mini-batch.
reference::Tensor dropped(const PointCase& one, const reference::Tensor& x) {
    if (one.keep == 0 || one.evaluation) return x;
    reference::Tensor y = x;
    const std::uint64_t before = std::uint64_t{one.first_example} * one.x.c * one.x.plane();
    const auto factor = static_cast<double>(dropout_factor(one.keep));
    for (std::size_t i = 0; i < y.values.size(); ++i) {
        const bool keeps =
            dropout_keeps(before + i, checked_layer, checked_step.step, checked_step.seed, one.keep);
        y.values[i] *= keeps ? factor : 0;
    }
    return y;
}

PointTruth point_truth(const PointCase& one, const RandomCoefficients& norm, const reference::Tensor& z,
                       const reference::Tensor& da) {
    PointTruth truth{z, {}, dropped(one, da), reference::Tensor(one.x), {}};
    const auto centred = [&](std::size_t i) {
        return z.values[i] - norm.at(push::COEFFICIENT_MEAN, channel_of(one.x, i));
    };
    if (one.norm) {
        for (std::size_t i = 0; i < z.values.size(); ++i) {
            const std::size_t c = channel_of(one.x, i);
            truth.result.values[i] =
                centred(i) * norm.at(push::COEFFICIENT_SCALE, c) + norm.at(push::COEFFICIENT_BETA, c);
        }
    }
    if (one.activation) {
        truth.result = reference::activation_forward(truth.result, *one.activation);
        truth.g = reference::activation_backward(truth.result, truth.g, *one.activation);
    }
    truth.a = dropped(one, truth.result);
    const std::uint32_t pixels = one.x.plane() == 1 ? one.x.n : static_cast<std::uint32_t>(one.x.plane());
    const std::uint32_t tiles = pieces_of(pixels, push::PIXELS_PER_SUM_RUN);
    truth.sums.resize(std::size_t{2} * tiles * one.x.c * (one.x.plane() == 1 ? 1 : one.x.n));
    for (std::size_t i = 0; i < z.values.size(); ++i) {
        const std::size_t c = channel_of(one.x, i), n = i / one.x.plane() / one.x.c;
        const std::size_t tile = one.x.plane() == 1
                                     ? n / push::PIXELS_PER_SUM_RUN
                                     : n * tiles + i % one.x.plane() / push::PIXELS_PER_SUM_RUN;
        const double g = truth.g.values[i], xhat = centred(i) * norm.at(push::COEFFICIENT_INVERSE, c);
        double* sums = &truth.sums[2 * (tile * one.x.c + c)];
        sums[0] += g;
        if (one.norm) sums[1] += g * xhat;
        truth.dz.values[i] = !one.norm ? g
                                       : norm.at(push::COEFFICIENT_SCALE, c) *
                                             (g - norm.at(push::COEFFICIENT_MEAN_DY, c) -
                                              xhat * norm.at(push::COEFFICIENT_MEAN_DY_XHAT, c));
    }
    return truth;
}

/// Partial sums [tiles][blocks][2] of vec4 as [tiles][channels][2].
std::vector<float> sums_of_channels(const std::vector<float>& partials, std::uint32_t channels) {
    const std::size_t row = std::size_t{8} * blocks_of(channels);
    std::vector<float> sums;
    for (std::size_t tile = 0; tile < partials.size() / row; ++tile) {
        for (std::uint32_t c = 0; c < channels; ++c) {
            for (const std::uint32_t part : {0, 1}) {
                sums.push_back(partials[tile * row + 8 * (c / 4) + 4 * part + c % 4]);
            }
        }
    }
    return sums;
}

std::string layers_of(const PointCase& one) {
    std::string text = one.norm ? "norm" : "";
    if (one.activation) text += (text.empty() ? "" : "+") + to_string(*one.activation);
    if (one.keep > 0) text += (text.empty() ? "" : "+") + fmt::format("dropout {}", one.keep);
    return text;
}

}  // namespace

std::vector<Comparison> check_points(const Device& device, const PointCase& one) {
    std::mt19937_64 random = random_stream(one.seed, 0);
    const RandomCoefficients norm(one.x.c, one.data, random);
    const std::vector<float> z_values = random_points(one, norm, random);
    const std::vector<float> da_values = random_values(one.x.values(), Data::normal, random);
    const PointTruth expected = point_truth(one, norm, reference::tensor_from_floats(one.x, z_values),
                                            reference::tensor_from_floats(one.x, da_values));
    const std::vector<float> result(expected.result.values.begin(), expected.result.values.end());

    const GuardedPacked z(device, one.x, "z", z_values), da(device, one.x, "da", da_values);
    const GuardedPacked kept(device, one.x, "kept", one.from_result ? result : z_values);
    const GuardedPacked a(device, one.x, "a"), separate(device, one.x, "dz");
    const GuardedPacked& dz = one.in_place ? da : separate;
    const std::vector<float> quads = norm.packed();
    const Buffer coefficients(device, quads.size() * sizeof(float), "coefficients");
    coefficients.upload(std::span<const float>(quads));
    PointLayers layers{.norm = one.norm, .activation = one.activation, .from_result = one.from_result};
    if (one.keep > 0) layers.dropout = Dropout{one.keep};
    layers.dropout_index = checked_layer;
    const push::DropoutNumbers numbers =
        dropout_numbers({checked_step.seed, checked_step.step, one.first_example});
    const Buffer drawn(device, sizeof numbers, "numbers of dropout");
    drawn.upload(std::span(&numbers, 1));
    const BufferRange dropout = one.evaluation ? BufferRange{} : drawn.whole();
    Scratch scratch(device);
    const PointPasses passes(device, layers, one.x, scratch);
    const BufferRange of_norm = one.norm ? coefficients.whole() : BufferRange{};
    const BufferRange partials = scratch.range(PointPasses::tiling(z.view()).bytes(z.view().blocks()));
    fill_with_nan(partials);
    Recorder recorder(device);
    passes.forward(recorder, z.view(), a.view(), of_norm, dropout);
    passes.sums(recorder, kept.view(), da.view(), of_norm, dropout);
    passes.backward(recorder, kept.view(), da.view(), dz.view(), of_norm, dropout);
    recorder.finish();

    const std::string name = "stack points " + layers_of(one);
    Report report(fmt::format("{}, {}{}{}{}", to_string(one.x), to_string(one.data),
                              one.evaluation ? ", evaluation" : "", one.from_result ? ", from result" : "",
                              one.in_place ? ", in place" : ""),
                  one.seed);
    report.add(name + " forward", compare("a", a.download(), expected.a.values, one.x, tolerance::forward));
    const std::vector<float> sums = sums_of_channels(floats_of(partials), one.x.c);
    report.add(name + " sums", compare("sums", sums, expected.sums, flat(sums.size()), tolerance::gradient));
    report.add(name + " backward",
               compare("dz", dz.download(), expected.dz.values, one.x, tolerance::gradient));
    add_damage(report, name, {&z, &da, &kept, &a, &dz});
    return report.take();
}

}  // namespace shadenet::check
