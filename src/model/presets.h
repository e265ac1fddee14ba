// Networks that have names: those that options shape, and those that lie in assets/networks as texts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/network.h"

namespace shadenet {

enum class NormPlacement { before, after, none };

/// The choices that shape the presets; the defaults are the reference network's.
struct NetworkOptions {
    std::uint32_t hidden = 16;
    std::uint32_t kernel = 3;                    ///< odd, 1 to 7
    std::string activation = "none";             ///< or a word of activation_words
    NormPlacement norm = NormPlacement::before;  ///< before or after the activation
    bool residual = true;
    float decay = 0.9f;
    float epsilon = 1e-5f;
    bool center = true;  ///< the norms have β
    bool scale = true;   ///< the norms have γ
    PixelRange range{};
    std::uint32_t depth = 5;  ///< convolutions of dncnn, 2 to 64; two-layer has two
    PicturePadding padding = PicturePadding::zero;
    bool operator==(const NetworkOptions&) const = default;
};

/// Throws InputError, naming the option, its value and what is accepted: hidden 1..1024, kernel odd 1..7,
/// activation as above, decay 0 ≤ d < 1, epsilon > 0 and finite, depth 2..64, and what PixelRange says.
void validate(const NetworkOptions& options);

/// conv1 → bn1 → activation → conv2 → bn2 → + input, with what `options` leaves out or moves. Calls
/// validate().
Network two_layer_network(const NetworkOptions& options);

/// The options that two_layer_network() makes exactly this network of; none where there are none. Of options
/// that make one network they are the usual ones: norm is `before` where no activation stands between.
std::optional<NetworkOptions> two_layer_options(const Network& network);

/// DnCNN (Zhang et al. 2017): conv → relu, then conv → norm → relu for every layer between, then conv → +
/// input, all 3x3 and `hidden` wide. Takes hidden, depth, range, padding and what concerns norms from the
/// options. Calls validate().
Network dncnn_network(const NetworkOptions& options);

/// The network that somebody asks for: a preset's name, the path of a file with a network's text, or such a
/// text itself. `shape` is for the presets that options shape. Throws InputError for anything else, and as
/// validate() and parse_network() do.
Network named_network(const std::string& name_file_or_text, const NetworkOptions& shape);
/// two-layer, dncnn, and those of assets/networks.
std::vector<std::string> preset_names();
/// Of assets/networks: no options shape it.
bool is_fixed_preset(const std::string& name);

/// "none, relu, ...", for messages about NetworkOptions::activation.
std::string activation_choices();

std::string to_string(PicturePadding padding);
/// Throws InputError for anything but zero|edge|reflect.
PicturePadding picture_padding(const std::string& text);

std::string to_string(NormPlacement norm);
/// Throws InputError for anything but before|after|none.
NormPlacement norm_placement(const std::string& text);

}  // namespace shadenet
