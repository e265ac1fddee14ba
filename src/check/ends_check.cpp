#include <numeric>
#include <span>

#include <fmt/format.h>

#include "check/beyond_channels.h"
#include "check/end_cases.h"
#include "check/harness.h"
#include "check/packed_data.h"
#include "data/examples.h"
#include "engine/stack/add.h"
#include "engine/stack/average.h"
#include "engine/stack/flatten.h"
#include "engine/stack/packing.h"
#include "engine/tensors/example_tensor.h"
#include "model/random.h"
#include "reference/average.h"
#include "reference/picture_padding.h"
#include "reference/skip.h"

namespace shadenet::check {

namespace {

std::string where_of(const Shape& shape, Data data) {
    return fmt::format("{}, {}", to_string(shape), to_string(data));
}

Shape as_features(const Shape& shape) {
    return {shape.n, static_cast<std::uint32_t>(shape.c * shape.plane()), 1, 1};
}

/// A move for each example: the first ones the farthest, those after them random.
std::vector<PictureMove> moves_of(std::uint32_t count, std::uint32_t most, std::mt19937_64& random) {
    const auto far = static_cast<std::int32_t>(most);
    std::vector<PictureMove> moves = {{-far, far, false}, {far, -far, true}};
    const auto draw = [&] { return static_cast<std::int32_t>(random() % (2 * most + 1)) - far; };
    while (moves.size() < count) moves.push_back({draw(), draw(), random() % 2 == 1});
    moves.resize(count);
    return moves;
}

/// Images [n,c,h,w], moved.
std::vector<double> moved_images(const std::vector<double>& images, const Shape& shape,
                                 const std::vector<PictureMove>& moves) {
    std::vector<double> result(images.size());
    const std::int64_t h = shape.h, w = shape.w;
    for (std::int64_t plane = 0; plane < std::int64_t{shape.n} * shape.c; ++plane) {
        const PictureMove& move = moves[static_cast<std::size_t>(plane / shape.c)];
        for (std::int64_t i = 0; i < h * w; ++i) {
            const std::int64_t row = i / w + move.down;
            const std::int64_t column = (move.mirrored ? w - 1 - i % w : i % w) + move.right;
            if (row < 0 || row >= h || column < 0 || column >= w) continue;
            result[static_cast<std::size_t>(plane * h * w + i)] =
                images[static_cast<std::size_t>((plane * h + row) * w + column)];
        }
    }
    return result;
}

}  // namespace

std::vector<Comparison> check_packing(const Device& device, const PackingCase& one) {
    std::mt19937_64 random = random_stream(one.seed, 0);
    const Shape shape = one.features ? as_features(one.x) : one.x;
    const std::uint32_t count = one.x.n + one.more;
    const std::size_t each = shape.c * shape.plane();
    std::vector<float> values = random_values(count * each, one.data, random);
    const ExampleTensor all(device, with_images(shape, count),
                            one.data == Data::levels ? ExampleValues::levels : ExampleValues::floats, "all",
                            one.range);
    if (one.range.is_unit()) {
        all.upload(values);
    } else {
        std::vector<std::uint8_t> levels;
        for (float& value : values) {
            levels.push_back(whole_level(value));
            value = one.range.low + one.range.level_step() * static_cast<float>(levels.back());
        }
        all.upload_levels(levels);
    }
    std::vector<std::uint32_t> numbers(one.x.n);
    std::iota(numbers.begin(), numbers.end(), 0u);
    if (one.more > 0) {
        for (std::uint32_t& number : numbers) number = static_cast<std::uint32_t>(random() % count);
        numbers.back() = numbers.front();
    }
    const Buffer chosen(device, numbers.size() * sizeof(std::uint32_t), "numbers");
    chosen.upload(std::span<const std::uint32_t>(numbers));
    std::vector<float> batch;
    for (const std::uint32_t number : numbers) {
        batch.insert(batch.end(), &values[number * each], &values[number * each] + each);
    }
    const std::vector<double> expected = reference::doubles_from_floats(batch);

    const Shape wide{shape.n, shape.c, shape.h + 2 * one.margin, shape.w + 2 * one.margin};
    std::vector<double> packed =
        reference::continued(reference::tensor_from_floats(shape, batch), one.margin, one.padding).values;
    ExampleView view = one.more > 0 ? all.chosen(one.x.n, chosen.whole()) : all.view();
    const Buffer moves(device, numbers.size() * sizeof(std::uint32_t), "moves");
    if (one.most_move > 0) {
        const std::vector<PictureMove> moved = moves_of(one.x.n, one.most_move, random);
        std::vector<std::uint32_t> words;
        for (const PictureMove& move : moved) words.push_back(word_of(move));
        moves.upload(std::span<const std::uint32_t>(words));
        view.moves = moves.whole();
        view.rows = one.x.h;
        view.columns = one.x.w;
        packed = moved_images(packed, one.x, moved);
    }

    const GuardedTensor unpacked(device, one.x, "unpacked");
    const GuardedPacked made(device, wide, "packed"), given(device, shape, "given", batch);
    const Packing packing(device, one.padding);
    Recorder recorder(device);
    packing.pack(recorder, view, made.view());
    packing.unpack(recorder, given.view(), unpacked.view());
    recorder.finish();

    Report report(
        fmt::format("{}, {} more{}, margin {}, moved by {}, {}", where_of(one.x, one.data), one.more,
                    one.features ? ", as features" : "", one.margin, one.most_move, to_string(one.range)),
        one.seed);
    report.add("pack", compare("packed", made.download(), packed, wide, tolerance::exact));
    add_zeros_beyond(report, "pack", made);
    report.add("unpack", compare("unpacked", unpacked.download(), expected, one.x, tolerance::exact));
    add_damage(report, "packing", {&unpacked});
    add_damage(report, "packing", {&made, &given});
    return report.take();
}

std::vector<Comparison> check_flatten(const Device& device, const FlattenCase& one) {
    std::mt19937_64 random = random_stream(one.seed, 0);
    const std::vector<float> values = random_values(one.map.values(), one.data, random);
    const std::vector<float> other_values = random_values(one.map.values(), one.data, random);
    const Shape shape = as_features(one.map);
    const GuardedPacked map(device, one.map, "map", values), dmap(device, one.map, "dmap");
    const GuardedPacked features(device, shape, "features");
    const GuardedPacked dfeatures(device, shape, "dfeatures", other_values);
    const Flatten flatten(device);
    Recorder recorder(device);
    flatten.forward(recorder, map.view(), features.view());
    flatten.backward(recorder, dfeatures.view(), dmap.view());
    recorder.finish();

    Report report(where_of(one.map, one.data), one.seed);
    report.add("flatten", compare("features", features.download(), reference::doubles_from_floats(values),
                                  shape, tolerance::exact));
    add_zeros_beyond(report, "flatten", features);
    report.add("flatten backward",
               compare("dmap", dmap.download(), reference::doubles_from_floats(other_values), one.map,
                       tolerance::exact));
    add_zeros_beyond(report, "flatten backward", dmap);
    add_damage(report, "flatten", {&map, &dmap, &features, &dfeatures});
    return report.take();
}

std::vector<Comparison> check_average(const Device& device, const AverageCase& one) {
    std::mt19937_64 random = random_stream(one.seed, 0);
    const Shape means{one.x.n, one.x.c, 1, 1}, alone_x = with_images(one.x, 1), alone_y{1, one.x.c, 1, 1};
    const std::vector<float> x_values = random_values(one.x.values(), one.data, random);
    const std::vector<float> dy_values = random_values(means.values(), one.data, random);
    const std::span<const float> last_image = std::span(x_values).last(alone_x.values());
    const GuardedPacked x(device, one.x, "x", x_values), y(device, means, "y");
    const GuardedPacked dy(device, means, "dy", dy_values), dx(device, one.x, "dx");
    const GuardedPacked last(device, alone_x, "x of one", last_image), y_of_last(device, alone_y, "y of one");
    const AveragePass average(device, one.x);
    Recorder recorder(device);
    average.forward(recorder, x.view(), y.view());
    average.forward(recorder, last.view(), y_of_last.view());
    average.backward(recorder, dy.view(), dx.view());
    recorder.finish();

    const auto expected = reference::average_forward(reference::tensor_from_floats(one.x, x_values));
    const auto expected_dx =
        reference::average_backward(reference::tensor_from_floats(means, dy_values), one.x);
    const bool copies = one.x.plane() == 1;
    // Rounding is that of the values.
    const double deviation = one.data == Data::ugly ? 100 : 1;
    const Tolerance of_mean{"mean of maps", tolerance::any_nmse, 3e-7 * deviation, 3e-7, 0};
    Report report(where_of(one.x, one.data), one.seed);
    const std::vector<float> y_values = y.download();
    report.add("average",
               compare("y", y_values, expected.values, means, copies ? tolerance::exact : of_mean));
    add_zeros_beyond(report, "average", y);
    report.add("average", compare("y of one", y_of_last.download(),
                                  reference::doubles_from_floats(std::span(y_values).last(one.x.c)), alone_y,
                                  tolerance::exact));
    report.add("average backward", compare("dx", dx.download(), expected_dx.values, one.x,
                                           copies ? tolerance::exact : tolerance::forward));
    add_damage(report, "average", {&x, &y, &dy, &dx, &last, &y_of_last});
    return report.take();
}

std::vector<Comparison> check_add(const Device& device, const AddCase& one) {
    std::mt19937_64 random = random_stream(one.seed, 0);
    const std::vector<float> x_values = random_values(one.x.values(), one.data, random);
    const std::vector<float> other_values = random_values(one.x.values(), one.data, random);
    const GuardedPacked x(device, one.x, "x", x_values), other(device, one.x, "other", other_values);
    const GuardedPacked made(device, one.x, "y");
    const GuardedPacked& y = one.target == SumTarget::new_tensor ? made
                             : one.target == SumTarget::first    ? x
                                                                 : other;
    const PackedTensor copied(device, one.x, "copy");
    const AddPass pass(device);
    Recorder recorder(device);
    pass.add(recorder, x.view(), other.view(), y.view());
    pass.copy(recorder, y.view(), copied.view());
    recorder.finish();

    std::vector<double> expected;
    for (std::size_t i = 0; i < x_values.size(); ++i) {
        expected.push_back(static_cast<double>(x_values[i] + other_values[i]));
    }
    Report report(where_of(one.x, one.data), one.seed);
    report.add("add", compare("y", y.download(), expected, one.x, tolerance::exact));
    report.add("copy", compare("copy", copied.view().download(), expected, one.x, tolerance::exact));
    if (one.target == SumTarget::new_tensor) {
        add_damage(report, "add", {&x, &other, &made});
    } else {
        add_damage(report, "add", {&x, &other});
    }
    return report.take();
}

std::vector<Comparison> check_add_middle(const Device& device, const AddMiddleCase& one) {
    std::mt19937_64 random = random_stream(one.seed, 0);
    const Shape wide{one.x.n, one.x.c, one.x.h + 2 * one.ring, one.x.w + 2 * one.ring};
    const std::vector<float> x_values = random_values(one.x.values(), one.data, random);
    const std::vector<float> wide_values = random_values(wide.values(), one.data, random);
    const GuardedPacked x(device, one.x, "x", x_values), other(device, wide, "other", wide_values);
    const GuardedPacked sum(device, one.x, "sum"), gradient(device, wide, "gradient", wide_values);
    const PackedTensor alone(device, wide, "alone");
    const AddPass pass(device);
    Recorder recorder(device);
    pass.add(recorder, x.view(), other.view(), sum.view());
    pass.add(recorder, gradient.view(), x.view(), gradient.view());
    pass.copy(recorder, x.view(), alone.view());
    recorder.finish();

    const reference::Tensor narrow = reference::tensor_from_floats(one.x, x_values);
    const reference::Tensor around = reference::tensor_from_floats(wide, wide_values);
    const reference::Tensor zeros = reference::surrounded(narrow, wide);
    const auto rounded = [](const reference::Tensor& a, const reference::Tensor& b) {
        std::vector<double> values = reference::add(a, b).values;
        for (double& value : values) value = static_cast<double>(static_cast<float>(value));
        return values;
    };
    Report report(fmt::format("{}, ring {}", where_of(one.x, one.data), one.ring), one.seed);
    report.add("add", compare("sum", sum.download(), rounded(narrow, reference::inner(around, one.x)), one.x,
                              tolerance::exact));
    report.add("add",
               compare("in the middle", gradient.download(), rounded(around, zeros), wide, tolerance::exact));
    report.add("copy", compare("copy", alone.view().download(), zeros.values, wide, tolerance::exact));
    add_damage(report, "add", {&x, &other, &sum, &gradient});
    return report.take();
}

}  // namespace shadenet::check
