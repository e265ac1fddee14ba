// A trained network applied to pictures of any size.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "engine/folded_tile.h"
#include "image/image.h"
#include "model/architecture.h"
#include "model/parameters.h"

namespace shadenet {

class Device;

/// How the network is run. `folded`: both layers in one kernel, with the statistics in their weights.
/// `linear`: without an activation the two are one convolution, but for a ring at the picture's border.
enum class InferencePlan { automatic, layerwise, folded, linear };

/// "auto", "layerwise", "folded" or "linear".
std::string to_string(InferencePlan plan);
/// Throws InputError for any other word.
InferencePlan inference_plan(const std::string& text);

/// Inference with the moving statistics. Pictures are cut into tiles that overlap by the network's receptive
/// radius, so that memory does not grow with the picture; the result does not depend on the tile, bit for
/// bit.
class PictureFilter {
  public:
    static constexpr std::uint32_t default_tile = 1024;

    /// `tile`: side of the tiles without their overlap, in pixels; plans may take smaller ones. Automatic is
    /// the plan with the least work that the network allows. Throws InputError for a network that does not
    /// keep a picture's size and colours, and for a plan that the network does not allow. `tiles` are the
    /// folded and linear plans'; without them the device's kind decides.
    PictureFilter(const Device& device, const Architecture& architecture, const Parameters& parameters,
                  std::uint32_t tile = default_tile, InferencePlan plan = InferencePlan::automatic,
                  const std::optional<FoldedTiles>& tiles = std::nullopt);
    ~PictureFilter();

    /// The network's output, not clamped, of the same size as `input`.
    Image apply(const Image& input);
    /// The same of input/255, clamped to 0..1 and rounded to nearest. Throws WorkError when a value is not
    /// finite.
    Picture8 apply(const Picture8& input);

    /// The plan that is used: not automatic.
    InferencePlan plan() const;
    /// Why, in one line.
    const std::string& plan_reason() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace shadenet
