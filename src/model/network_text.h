// A network as text, one layer a line: what people write, and what files store.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "model/network.h"

namespace shadenet {

// What a text may ask for. They keep a mistake from asking for all memory, and are far above what is of use.
inline constexpr std::size_t most_network_text = std::size_t{1} << 18;  ///< bytes
inline constexpr std::size_t most_layers = 1000;
inline constexpr std::uint32_t most_channels = 16'384;  ///< of one layer
/// Values of an example before a dense layer. A kernel takes four of them in a turn of its loop, and some
/// drivers silently end loops after 65,535 turns.
inline constexpr std::uint64_t most_dense_inputs = 4 * 65'535;
inline constexpr float least_keep = 1e-6f;  ///< of dropout: below it, masks of 24 bits are too coarse
inline constexpr std::uint32_t most_input_side = 16'384;
inline constexpr std::uint32_t most_kernel = 11;
inline constexpr std::uint32_t most_stride = 16;
inline constexpr std::uint64_t most_reduction = 65'536;  ///< by all strides together
/// Parameters and statistics: 512 MiB of float32.
inline constexpr std::uint64_t most_network_values = std::uint64_t{1} << 27;

/// Lines end at a line's end or a comma, `#` begins a comment, and blank lines count for nothing. The grammar
/// is in docs/models.md. Layers and tensors are named by kind and number: conv1, fc1, bn1, relu1,
/// add1. Throws
/// InputError "<source>: line 3: ..." for anything that is not such a text, and for one that asks for more
/// than the limits above. In a text of one line, commas count as line ends there.
Network parse_network(const std::string& text, const std::string& source);

/// The canonical text, with every number written out, and no end of line after the last. parse_network()
/// makes the same network of it, named as that names layers.
std::string to_text(const Network& network);

/// What `add` calls the points: [0] is "input", [i] the name of layer i−1.
std::vector<std::string> point_names(const Network& network);

}  // namespace shadenet
