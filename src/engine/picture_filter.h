// A trained network applied to pictures of any size.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "engine/tiles/tiled_filter.h"
#include "engine/two_layer/folded_tile.h"
#include "image/image.h"
#include "model/network.h"
#include "model/parameters.h"

namespace shadenet {

/// How the network is run. `folded`: both layers in one kernel, with the norms folded into the weights.
/// `linear`: two layers without an activation are one convolution, except in a ring at the border of a
/// picture that is not continued.
enum class InferencePlan { automatic, stack, folded, linear };

/// "auto", "stack", "folded" or "linear".
std::string to_string(InferencePlan plan);

/// The default side of a filter's tiles.
inline constexpr std::uint32_t default_filter_tile = 1024;

struct FilterOptions {
    /// Side of the tiles without their overlap, in pixels; plans may take smaller ones.
    std::uint32_t tile = default_filter_tile;
    /// automatic: of the plans that the network allows, the one with the least work.
    InferencePlan plan = InferencePlan::automatic;
    /// Tiles of the folded and linear plans; without them the device's kind decides.
    std::optional<FoldedTiles> tiles;
    /// 0..1: the result is (1 − strength)·input + strength·network(input), before clamping and rounding.
    float strength = 1;
};

/// Inference with the moving statistics. Pictures are cut into tiles that overlap by the network's receptive
/// radius, so that memory does not grow with the picture. The tiles and other pictures do not change a bit of
/// the result.
class PictureFilter {
  public:
    /// Throws InputError for a network that does not keep a picture's size and colours, and for a plan that
    /// the network does not allow.
    PictureFilter(const Device& device, const Network& network, const Parameters& parameters,
                  const FilterOptions& options = {});

    /// The network's output for a picture of its size. `Kind`: Image, whose values are not clamped; or
    /// Picture8 or Picture16, whose values go to the network as 0..1, and are clamped to 0..1 and rounded to
    /// nearest, a half upwards. No picture may be under way. Throws BadResult when a value of an integer
    /// picture is not finite.
    template <class Kind>
    Kind apply(const Kind& input);

    /// Begins with a picture. Both pictures must stay in place until finish_next() has returned for them;
    /// `output` has the input's size.
    template <class Kind>
    void begin(const Kind& input, Kind& output);
    /// Waits for the oldest picture that was begun, and completes its output. Throws BadResult as apply()
    /// does; later pictures go on.
    void finish_next();
    std::size_t under_way() const { return filter_->under_way(); }

    // All of these throw OutOfDeviceMemory, DeviceLost and other WorkErrors. After any of them but BadResult
    // the filter can only be destroyed; no picture need be in place then.

    /// The plan that is used: not automatic.
    InferencePlan plan() const { return plan_; }
    /// Why, in one line.
    const std::string& plan_reason() const { return reason_; }

  private:
    InferencePlan plan_;
    std::string reason_;
    std::optional<TiledFilter> filter_;
};

}  // namespace shadenet
