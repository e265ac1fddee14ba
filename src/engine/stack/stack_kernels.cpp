#include "engine/stack/stack_kernels.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <set>

#include "engine/stack/pixel_packing.h"
#include "engine/stack/stack_plan.h"

namespace shadenet {

namespace {

constexpr std::uint32_t largest_stack_tile = 512;  // every layer keeps all its channels of a tile

class StackKernels : public TileKernels {
  public:
    StackKernels(const Device& device, const Network& network, const Parameters& values, std::uint32_t tile,
                 float strength)
        : device_(device),
          network_(network),
          parameters_(device, values, WeightLayout::blocks),
          radius_(receptive_radius(network)),
          tile_(fitting_tile(device.info(), network, std::min(tile, largest_stack_tile))),
          strength_(strength),
          packings_(device, network.range) {}

    std::vector<TileWindow> cut_rows(std::uint32_t height) const override {
        return continues_pictures(network_) ? inner_windows(height, tile_, radius_)
                                            : tile_windows(height, tile_, radius_);
    }
    std::vector<TileWindow> cut_columns(std::uint32_t width) const override { return cut_rows(width); }

    void record(Recorder& recorder, const PictureTile& tile, const Buffer& picture,
                const Buffer& result) override {
        const Shape shape{1, network_.input.c, tile.rows.makes, tile.columns.makes};
        if (!plan_ || shape != shape_) {
            recorder.finish();
            plan_.reset();  // before the next one takes its memory
            // Where the strength is not 1, the input must outlive the pass, to be mixed with the result.
            const std::set<std::size_t> kept =
                strength_ == 1 ? std::set<std::size_t>{} : std::set<std::size_t>{0};
            plan_.emplace(device_, network_, parameters_, shape, Purpose::inference,
                          StackOptions{.kept = kept});
            shape_ = shape;
        }
        const PixelPacking& pixels = packings_.of(tile.format);
        const PackedView x = plan_->input(1);
        pixels.read(recorder, tile, picture, x);
        const PackedView y = plan_->forward(recorder, Mode::inference);
        pixels.write(recorder, tile, y, x, strength_, result);
    }

  private:
    const Device& device_;
    Network network_;
    ParameterBuffers parameters_;
    std::uint32_t radius_, tile_;
    float strength_;
    Shape shape_;                    ///< of the latest tile: all tiles of a picture are alike
    std::optional<StackPlan> plan_;  ///< for that shape
    PixelPackings packings_;
};

}  // namespace

std::unique_ptr<TileKernels> make_stack_kernels(const Device& device, const Network& network,
                                                const Parameters& values, std::uint32_t tile,
                                                float strength) {
    return std::make_unique<StackKernels>(device, network, values, tile, strength);
}

}  // namespace shadenet
