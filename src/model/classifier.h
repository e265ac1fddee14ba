// Networks that answer with a class: which fit labelled pictures, and presets that are made to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "model/model_file.h"

namespace shadenet {

/// The index of the last layer with weights, which makes the classes; the number of layers where there is
/// none.
std::size_t last_with_weights(const Network& network);

/// The network for examples of another shape [c,h,w] and with so many classes: its input is the shape, each
/// layer takes what the one before it makes, and the last one with weights makes a value a class. Throws
/// InputError where a layer does not fit such an input.
Network fitted_to(Network network, const Shape& example, std::uint32_t classes);

/// Throws InputError "--network ..." unless the network takes examples of that shape and makes a value a
/// class of each. `data`, for the message: where they come from.
void require_classifier(const Network& network, const Shape& example, std::uint32_t classes,
                        const std::string& data);

/// Throws InputError "<source>: ..." unless the model knows classes, and its network makes a value for each
/// of them out of the pictures that it says it takes.
void require_tells_classes(const Model& model, const std::string& source);
/// Throws InputError "<source>: ..." for a network that neither makes pictures nor is known to tell classes:
/// nobody knows then what it takes.
void require_takes_pictures(const Model& model, const std::string& source);
/// The opposite: throws where the model makes no pictures.
void require_filter(const Model& model, const std::string& source);

}  // namespace shadenet
