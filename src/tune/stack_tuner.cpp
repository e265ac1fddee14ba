#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "engine/stack/layer_classes.h"
#include "engine/stack/stack_tiles.h"
#include "tune/layer_probe.h"
#include "tune/tile_store.h"
#include "tune/tuner.h"

namespace shadenet {

namespace {

/// Layers of one class.
struct ClassWork {
    LayerClass layer_class;
    UnitLayer largest;      ///< with the most operations of those whose input has a gradient, if one has
    double operations = 0;  ///< of all
};

/// The class with the most operations first.
std::vector<ClassWork> class_works(const std::vector<UnitLayer>& layers) {
    std::vector<ClassWork> works;
    for (const UnitLayer& layer : layers) {
        const LayerClass layer_class = layer.layer_class();
        auto work = std::ranges::find(works, layer_class, &ClassWork::layer_class);
        if (work == works.end()) work = works.insert(works.end(), {layer_class, layer});
        // Of two passes backward, or of one.
        work->operations += layer.operations() * (layer.needs_dx ? 3 : 2);
        const auto rank = [](const UnitLayer& of) { return std::pair(of.needs_dx, of.operations()); };
        if (rank(layer) > rank(work->largest)) work->largest = layer;
    }
    std::ranges::stable_sort(works, std::ranges::greater{}, &ClassWork::operations);
    return works;
}

LayerTiles with_usual_threads(LayerTiles tiles) {
    tiles.weights.least_threads = WeightTile::usual_threads;
    return tiles;
}

class ClassTuner {
  public:
    ClassTuner(const Device& device, const Network& network, const ClassWork& work, const LayerTable& table,
               Trials& trials, const LayerCheck& check)
        : device_(device),
          name_(to_string(work.layer_class)),
          table_(table),
          trials_(trials),
          probe_(device, network, work.largest, check),
          best_{table.forward.front(), table.input.front(), table.weights.front()} {}

    LayerTiles tune(bool needs_dx) {
        choose(LayerPass::forward, "forward", table_.forward, &LayerTiles::forward);
        if (needs_dx) choose(LayerPass::input, "input", table_.input, &LayerTiles::input);
        choose(LayerPass::weights, "weights", table_.weights, &LayerTiles::weights);
        choose(LayerPass::weights, "weights", probe_.with_other_splits(best_.weights, table_.least_threads),
               &LayerTiles::weights);
        return best_;
    }

  private:
    template <class Tile>
    void choose(LayerPass pass, const char* pass_name, const std::vector<Tile>& tiles,
                Tile LayerTiles::*part) {
        const std::size_t tried = trials_.measured().size();
        const auto with = [&](const Tile& tile) {
            LayerTiles all = best_;
            all.*part = tile;
            return all;
        };
        const auto best = trials_.fastest(
            tiles,
            [&](const Tile& tile) { return fmt::format("{}, {} {}", name_, pass_name, to_string(tile)); },
            [&](const Tile& tile) { return probe_.measure(pass, with(tile)); });
        if (best) best_.*part = *best;
        if (best || trials_.measured().size() == tried) return;
        throw WorkError(
            fmt::format("{}: the stack plan does not compute rightly there ({}); see what "
                        "`shadenet doctor` finds",
                        device_.info().name, trials_.measured()[tried].problem));
    }

    const Device& device_;
    std::string name_;
    const LayerTable& table_;
    Trials& trials_;
    LayerProbe probe_;
    LayerTiles best_;
};

}  // namespace

StackTiles tune_stack(const Device& device, const Network& network, const Shape& batch, Trials& trials,
                      const LayerCheck& check) {
    const DeviceKind kind = device.info().kind;
    const auto store_of = [&](const std::string& form) {
        return TileStore(device, {"stack_gemm", "stack_gemm_staged", "stack_weight_gradient"}, form);
    };
    const Network as_run = as_computed(network);  // layers are tried as they run
    const std::vector<UnitLayer> layers = unit_layers(device, as_run, batch);
    const std::vector<LayerClass> classes = classes_of(layers);
    // What a network once had, defaults for want of time included: its next run is to have the same bits.
    std::string form;
    for (const LayerClass& layer_class : classes) form += to_string(layer_class) + "; ";
    const TileStore of_network = store_of(form);
    if (const auto kept = of_network.read()) {
        if (const auto found = find_tiles(kind, classes, *kept)) return *found;
    }
    StackTiles tiles;
    for (const ClassWork& work : class_works(layers)) {
        const LayerTable table = layer_table(kind, work.layer_class);
        const TileStore of_class = store_of(to_string(work.layer_class) +
                                            (work.largest.needs_dx ? "" : ", no gradient to the input"));
        LayerTiles& chosen = tiles[work.layer_class] = default_layer_tiles(kind, work.layer_class);
        const auto kept = of_class.read();
        if (const auto found = kept ? find_tiles(table, *kept) : std::nullopt) {
            chosen = *found;
            continue;
        }
        if (trials.is_over()) continue;
        chosen = ClassTuner(device, as_run, work, table, trials, check).tune(work.largest.needs_dx);
        // Another network may have more time, and other rows, on which the best number of threads depends.
        if (!trials.left_out()) of_class.write(to_string(with_usual_threads(chosen)));
    }
    of_network.write(to_string(tiles));
    return tiles;
}

}  // namespace shadenet
