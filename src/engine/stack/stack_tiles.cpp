#include "engine/stack/stack_tiles.h"

#include <algorithm>

#include <fmt/format.h>

namespace shadenet {

namespace {

/// Adds a tile that the table does not have.
template <class Tile>
void add_tile(std::vector<Tile>& tiles, const Tile& tile) {
    if (std::ranges::find(tiles, tile) == tiles.end()) tiles.push_back(tile);
}

std::vector<GemmTile> gemm_table(DeviceKind kind, std::uint32_t blocks, std::uint32_t width) {
    const GemmTile safe = default_gemm_tile(kind, blocks, width);
    std::vector<GemmTile> tiles{safe};
    const auto add = [&](std::uint32_t out_blocks, std::uint32_t columns, std::uint32_t rows,
                         std::uint32_t local) {
        const bool has_room = out_blocks <= blocks && columns <= std::max(width, safe.columns);
        if (has_room && columns * rows >= safe.pixels()) {
            add_tile(tiles, {out_blocks, columns, rows, local});
        }
    };
    if (kind == DeviceKind::software) {
        const std::uint32_t most = std::min(blocks, 4u);
        if (blocks % most != 0) {  // smaller tiles leave fewer blocks idle
            add(2, 8, 2, 8);
            add(3, 8, 1, 8);
        }
        if (most == 1) add(1, 16, 1, 8);
        add(most, 4, 2, 8);
        add(most, 8, 1, 8);
        return tiles;
    }
    if (blocks > 8) add_tile(tiles, staged_tile(2, 4));
    add_tile(tiles, staged_tile(1, 4));
    if (blocks > 2) add_tile(tiles, staged_tile(2, 4));
    add(4, 4, 1, 64);
    add(1, 8, 1, 64);
    add(2, 8, 1, 64);
    add(2, 4, 1, 128);
    add(1, 4, 1, 64);
    return tiles;
}

std::vector<WeightTile> weight_table(DeviceKind kind, const LayerClass& layer) {
    const std::uint32_t out = layer.out_blocks, in = layer.in_blocks;
    const WeightTile safe = default_weight_tile(kind, out, in, layer.kernel, layer.width);
    std::vector<WeightTile> tiles{safe};
    const auto add = [&](std::uint32_t out_blocks, std::uint32_t in_blocks, std::uint32_t columns,
                         std::uint32_t local) {
        if (out_blocks > out || in_blocks > in) return;
        add_tile(tiles, {out_blocks, in_blocks, safe.taps, columns, local});
    };
    if (kind == DeviceKind::software) {
        if (layer.kernel > 1) {
            const std::uint32_t most = layer.kernel > 3 ? 1 : std::min(out, 2u);
            add(most, 1, safe.columns == 4 ? 8 : 4, 8);
        } else if (out % 4 != 0) {
            add(2, 2, 4, 8);
        }
        return tiles;
    }
    add(1, 1, 8, 64);
    add(2, 1, 4, 64);
    add(1, 1, 4, 128);
    add(2, 2, 2, 64);
    return tiles;
}

/// Of the threads that a weight gradient has at least. More of them keep a GPU busy; a processor has enough
/// work with fewer, and less to add then.
std::vector<std::uint32_t> least_threads_to_try(DeviceKind kind) {
    if (kind == DeviceKind::software) return {256};
    return {4096, 16384};
}

template <class Tile>
std::optional<Tile> tile_named(const std::vector<Tile>& tiles, const std::string& name) {
    const auto found = std::ranges::find_if(tiles, [&](const Tile& tile) { return to_string(tile) == name; });
    return found == tiles.end() ? std::nullopt : std::optional(*found);
}

constexpr const char* pass_names[] = {"forward ", ", input ", ", weights "};

/// Takes the part of a text before the next mark from its beginning.
std::string cut_off(std::string& text, const std::string& mark) {
    const std::size_t end = text.find(mark);
    std::string part = text.substr(0, end);
    text = end == text.npos ? std::string() : text.substr(end + mark.size());
    return part;
}

}  // namespace

LayerTable layer_table(DeviceKind kind, const LayerClass& layer) {
    return {gemm_table(kind, layer.out_blocks, layer.width), gemm_table(kind, layer.in_blocks, layer.width),
            weight_table(kind, layer), least_threads_to_try(kind)};
}

std::vector<WeightTile> weight_choices(const LayerTable& table) {
    std::vector<WeightTile> choices = table.weights;
    for (WeightTile tile : table.weights) {
        for (const std::uint32_t threads : table.least_threads) {
            tile.least_threads = threads;
            choices.push_back(tile);
        }
    }
    return choices;
}

std::string to_string(const LayerClass& layer) {
    std::string text = fmt::format("{} to {} blocks {}x{}, {} wide", layer.in_blocks, layer.out_blocks,
                                   layer.kernel, layer.kernel, layer.width);
    if (layer.stride > 1) text += fmt::format(", stride {}", layer.stride);
    if (layer.forward.activation) text += ", then " + to_string(*layer.forward.activation);
    if (layer.forward.moments) text += ", moments";
    if (layer.backward.slope) text += ", after " + to_string(*layer.backward.slope);
    if (layer.backward.add) text += ", added to";
    return text;
}

std::string to_string(const GemmTile& tile) {
    const std::string sums = fmt::format("{}x{}x{}", tile.out_blocks, tile.columns, tile.rows);
    return tile.staged ? "staged " + sums : fmt::format("{} by {}", sums, tile.local_size);
}

std::string to_string(const WeightTile& tile) {
    std::string text = fmt::format("{}x{}x{}x{} by {}", tile.out_blocks, tile.in_blocks, tile.taps,
                                   tile.columns, tile.local_size);
    if (tile.least_threads == WeightTile::usual_threads) return text;
    return text + fmt::format(" for {} threads", tile.least_threads);
}

std::string to_string(const LayerTiles& tiles) {
    return pass_names[0] + to_string(tiles.forward) + pass_names[1] + to_string(tiles.input) + pass_names[2] +
           to_string(tiles.weights);
}

std::string to_string(const StackTiles& tiles) {
    std::string text;
    for (const auto& [layer, of_layer] : tiles) {
        text += (text.empty() ? "" : "; ") + to_string(layer) + ": " + to_string(of_layer);
    }
    return text;
}

std::optional<LayerTiles> find_tiles(const LayerTable& table, const std::string& name) {
    std::string text = name;
    if (!cut_off(text, pass_names[0]).empty()) return std::nullopt;
    const auto forward = tile_named(table.forward, cut_off(text, pass_names[1]));
    const auto input = tile_named(table.input, cut_off(text, pass_names[2]));
    const auto weights = tile_named(weight_choices(table), text);
    if (!forward || !input || !weights) return std::nullopt;
    return LayerTiles{*forward, *input, *weights};
}

std::optional<StackTiles> find_tiles(DeviceKind kind, const std::vector<LayerClass>& classes,
                                     const std::string& text) {
    std::map<std::string, std::string> named;
    for (std::string rest = text; !rest.empty();) {
        std::string tiles = cut_off(rest, "; ");
        const std::string layer = cut_off(tiles, ": ");
        named[layer] = tiles;
    }
    StackTiles found;
    for (const LayerClass& layer : classes) {
        const auto one = named.find(to_string(layer));
        if (one == named.end()) return std::nullopt;
        const auto tiles = find_tiles(layer_table(kind, layer), one->second);
        if (!tiles) return std::nullopt;
        found[layer] = *tiles;
    }
    return found;
}

}  // namespace shadenet
