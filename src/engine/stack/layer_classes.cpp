#include "engine/stack/layer_classes.h"

#include <algorithm>
#include <variant>

#include "engine/stack/gemm_tile.h"

namespace shadenet {

namespace {

WeightForm form_at(const Network& network, std::size_t layer) {
    if (const auto* conv = std::get_if<Conv>(&network.layers[layer])) {
        WeightForm form = WeightForm::of(*conv);
        if (continues_pictures(network)) form.pad = 0;
        return form;
    }
    return WeightForm::of(std::get<Dense>(network.layers[layer]));
}

}  // namespace

UnitLayer unit_layer(const Device& device, const Network& network, const std::vector<Unit>& units,
                     const PointLayout& layout, std::size_t index, Purpose purpose) {
    const Unit& unit = units[index];
    const Unit* before = index > 0 ? &units[index - 1] : nullptr;
    const Unit* after = index + 1 < units.size() ? &units[index + 1] : nullptr;
    const bool trains = purpose == Purpose::training;
    const Shape &read = layout.shapes[unit.from], &y = layout.shapes[unit.to];
    UnitLayer layer{.place = unit.from,
                    .form = form_at(network, unit.from),
                    .flattens = reads_features(network, layout, unit),
                    .needs_dx = trains && unit.from > 0,
                    .x = read,
                    .y = y};
    if (layer.flattens) layer.x = {read.n, layer.form.weights.in, 1, 1};
    layer.forward = {unit.activation,
                     trains && after != nullptr && after->norm && can_leave_partials(device, y), unit.sum};
    if (!layer.needs_dx || layer.flattens) return layer;
    const bool multiplies =
        before != nullptr && before->kind == Unit::Kind::weights && can_leave_partials(device, read);
    layer.backward = {multiplies ? before->activation : std::nullopt, layout.added.contains(unit.from)};
    return layer;
}

std::vector<UnitLayer> unit_layers(const Device& device, const Network& network, const Shape& input) {
    const std::vector<Unit> units = units_of(network, Purpose::training);
    const PointLayout layout = lay_out_points(network, units, input, Purpose::training);
    std::vector<UnitLayer> layers;
    for (std::size_t i = 0; i < units.size(); ++i) {
        if (units[i].kind != Unit::Kind::weights) continue;
        layers.push_back(unit_layer(device, network, units, layout, i, Purpose::training));
    }
    return layers;
}

std::vector<LayerClass> classes_of(const std::vector<UnitLayer>& layers) {
    std::vector<LayerClass> classes;
    for (const UnitLayer& layer : layers) classes.push_back(layer.layer_class());
    std::ranges::sort(classes);
    classes.erase(std::ranges::unique(classes).begin(), classes.end());
    return classes;
}

std::uint64_t partials_bytes(DeviceKind kind, const Shape& shape) {
    constexpr std::uint64_t bytes_of_tile = 2 * quad_bytes;
    const GemmTile tile = default_gemm_tile(kind, blocks_of(shape.c), shape.w);
    const std::uint64_t tiles =
        std::uint64_t{shape.n} * pieces_of(shape.h, tile.rows) * pieces_of(shape.w, tile.columns);
    // A quarter more for strides, which cut rows and columns into classes.
    return tiles * blocks_of(shape.c) * bytes_of_tile / 4 * 5;
}

bool can_leave_partials(const Device& device, const Shape& shape) {
    return partials_bytes(device.info().kind, shape) <= device.info().max_storage_range;
}

}  // namespace shadenet
