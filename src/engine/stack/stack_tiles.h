// The tiles of the stack plan: those that a device may be given, those that it was, and their names.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/stack/gemm_tile.h"
#include "engine/stack/layer_class.h"

namespace shadenet {

/// The tiles to try for each pass of a layer: the default first, then the most promising ones, because the
/// time to try them may run out. Every tile is within what Vulkan guarantees, and has no fewer pixels than
/// the default, so that partial results stay about as many.
struct LayerTable {
    std::vector<GemmTile> forward, input;
    std::vector<WeightTile> weights;
    std::vector<std::uint32_t> least_threads;  ///< to try with the fastest of `weights` too
};

LayerTable layer_table(DeviceKind kind, const LayerClass& layer);

/// What may come of trying: each of the table's `weights` with each number of threads.
std::vector<WeightTile> weight_choices(const LayerTable& table);

/// Tiles by class; a class that is not there has the defaults.
using StackTiles = std::map<LayerClass, LayerTiles>;

inline LayerTiles tiles_of(const StackTiles& tiles, DeviceKind kind, const LayerClass& layer) {
    const auto found = tiles.find(layer);
    return found == tiles.end() ? default_layer_tiles(kind, layer) : found->second;
}

/// "8 to 8 blocks 3x3, 64 wide, moments": blocks of four channels.
std::string to_string(const LayerClass& layer);

/// "4x8x1 by 8" or "staged 2x4x1": blocks, columns and rows of a thread, and threads of a workgroup.
std::string to_string(const GemmTile& tile);
/// "2x1x3x4 by 8": blocks of outputs and of inputs, taps and pixels of a thread. "2x1x3x4 by 8 for 256
/// threads" where there are to be fewer or more than usual.
std::string to_string(const WeightTile& tile);
/// "forward 4x8x1 by 8, input 4x8x1 by 8, weights 2x1x3x4 by 8".
std::string to_string(const LayerTiles& tiles);
/// "CLASS: TILES; CLASS: TILES".
std::string to_string(const StackTiles& tiles);

/// The tiles of that name, if they are in the class's table.
std::optional<LayerTiles> find_tiles(const LayerTable& table, const std::string& name);

/// The tiles that such a text names for these classes; nothing if it lacks one, or names tiles that are not
/// in its table.
std::optional<StackTiles> find_tiles(DeviceKind kind, const std::vector<LayerClass>& classes,
                                     const std::string& text);

}  // namespace shadenet
