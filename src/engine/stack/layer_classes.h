// The layers with weights of a network that trains, as their tiles are chosen.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/stack/point_layout.h"
#include "engine/stack/units.h"
#include "engine/stack/weight_layer.h"
#include "gpu/device.h"

namespace shadenet {

/// The layer of a unit with weights, as the stack plan runs it.
struct UnitLayer {
    std::size_t place = 0;  ///< in the list of layers
    WeightForm form;
    bool flattens = false;  ///< reads a map's values as features
    bool needs_dx = false;
    Shape x, y;  ///< with the largest batch
    ForwardEpilogue forward{};
    BackwardEpilogue backward{};

    /// Of the forward pass, two to a multiply-add.
    double operations() const {
        return 2.0 * static_cast<double>(y.n) * static_cast<double>(y.plane()) *
               static_cast<double>(form.weights.values());
    }
    LayerClass layer_class() const {
        return LayerClass::of(form.weights, form.kernel, form.stride, y, forward, backward);
    }
};

UnitLayer unit_layer(const Device& device, const Network& network, const std::vector<Unit>& units,
                     const PointLayout& layout, std::size_t index, Purpose purpose);

/// All of them, for training in batches of `input`.
std::vector<UnitLayer> unit_layers(const Device& device, const Network& network, const Shape& input);

/// Their classes, each once.
std::vector<LayerClass> classes_of(const std::vector<UnitLayer>& layers);

/// Bytes of the partial results that passes of layers with weights leave of a tensor of this shape, at most.
std::uint64_t partials_bytes(DeviceKind kind, const Shape& shape);

/// Whether the device can bind what the passes of layers with weights leave of each tile of a tensor of this
/// shape. Where it cannot, passes of their own find the same with larger tiles.
bool can_leave_partials(const Device& device, const Shape& shape);

}  // namespace shadenet
