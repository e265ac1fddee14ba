// Where a network has its norms, as a choice beside its other layers.
#pragma once

#include <optional>

#include "model/presets.h"

namespace shadenet {

/// The same network with its norms elsewhere, and no others: one after every convolution or dense layer but
/// the last, before the activation that reads that layer or right after it; the same place where none does.
/// With `none` no norm is left. The new norms have γ and β. An `add` takes what it took; where that was a
/// norm's result, what the layer there makes now. Throws InputError for a network that would have more than
/// most_layers.
Network with_norms(const Network& network, NormPlacement placement, float decay, float epsilon);

/// What is asked of a network's norms, each part for itself.
struct NormWishes {
    std::optional<NormPlacement> placement{};  ///< none: they stay where they are
    std::optional<float> decay{}, epsilon{};
    std::optional<bool> center{}, scale{};

    bool operator==(const NormWishes&) const = default;
};

/// The network with what is wished. Norms that are moved keep the decay and epsilon of the first of them; of
/// a network without norms they are the defaults of BatchNorm. Throws InputError as with_norms() does, and
/// for the other wishes where there are no norms and `placement` says nothing of them.
Network with_wishes(const Network& network, const NormWishes& wishes);

}  // namespace shadenet
