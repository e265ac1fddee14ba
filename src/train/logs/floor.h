// The floor of a data set: the least mean squared error that any affine filter of the network's receptive
// field reaches on it. A network without activation is such a filter in inference mode, so its loss cannot be
// below.
//
// That holds for all pixels of pictures that are continued beyond their edges, and otherwise for those whose
// whole receptive field lies inside the picture: nearer to the edge the padding's zeros make another filter.
// In training mode a network is another filter for every batch, whose own statistics it takes, and the loss
// of mini-batches may well be below the floor of all pictures; so may that of a network with an activation,
// for which the floor is what a linear one could do.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/picture_losses.h"
#include "engine/two_layer/patch_gram.h"
#include "image/image.h"
#include "model/network.h"
#include "train/logs/run_observer.h"
#include "train/options/options.h"

namespace shadenet {

class PictureSet;
class Device;

struct Floor {
    double loss = 0;           ///< mean squared error over these pixels and three colours, of values 0..1
    std::uint64_t pixels = 0;  ///< of all pictures
    std::uint32_t side = 0;    ///< of the receptive field
    std::optional<double> reached{};  ///< the trained network's loss on the same pixels, in inference mode
};

/// target[c](p) ≈ bias[c] + Σ_a weight[c·K + a]·patch[a](p), all values 0..1.
struct AffineFilter {
    std::vector<double> weight;  ///< [3][K], the patch in the order of PatchGram
    std::vector<double> bias;    ///< [3]
    double loss = 0;             ///< its mean squared error, which is the least there is
};

/// Least squares, in float64. Directions in which the patches hardly differ, as between the colours of grey
/// pictures, are left alone: no float32 network could make use of them. A loss below what rounding leaves is
/// 0. Needs one pixel at least.
AffineFilter best_affine_filter(const PatchGram& gram);

/// Of all pairs together. Nothing where no pixel has its whole receptive field inside its picture, or the
/// device cannot hold what is needed: `why_not` then says so in one line. `go_on` is asked before each pair,
/// and told its number; nothing too, and no `why_not`, once it says no.
std::optional<Floor> floor_of(const Device& device, const Network& network, const PictureSet& data,
                              std::string& why_not, const std::function<bool(std::uint32_t)>& go_on = {});

/// "floor", or "best linear filter" where the network has an activation, and can pass it.
std::string floor_name(const Network& network);
/// "the best any affine filter of 5x5 pixels reaches on these pictures", and whether the network could do
/// better: one with an activation, and one with domains, where each has a filter of its own. Also whether
/// there are so few pixels that a filter meets any targets.
std::string floor_meaning(const Floor& floor, const TrainOptions& options);
/// "0.00019 above the floor, 2.5 times it": how the loss reached stands to the floor, which is called by
/// floor_name(). Needs `reached`.
std::string gap_text(const Floor& floor, const std::string& name);

/// floor.json. Throws WorkError.
void write_floor(const std::filesystem::path& path, const Floor& floor);
/// Nothing where there is no such file. Throws InputError "<path>: ..." when it is damaged.
std::optional<Floor> read_floor(const std::filesystem::path& path);

/// Finds the floor when a run starts, and measures at its end what the network reaches; tells `observer` of
/// both.
class FloorLog : public RunObserver {
  public:
    /// The references must outlive the log.
    FloorLog(const Device& device, const Network& network, const PictureSet& pictures,
             std::filesystem::path path, RunObserver& observer, const std::atomic<bool>& stop);

    /// The floor of a resumed run is kept, but for what the network had reached where it is to go on. A run
    /// that is stopped here finds it when it goes on. Throws as read_floor() and write_floor() do.
    void on_start(const RunStart& start) override;
    void on_result(const SquaredErrors& errors) override;
    /// Throws WorkError.
    void on_pictures(const std::vector<PublishedPicture>& pictures, std::uint64_t step) override;
    std::vector<std::filesystem::path> files() const override { return {path_}; }

  private:
    void find();

    const Device& device_;
    const Network& network_;
    const PictureSet& pictures_;
    std::filesystem::path path_;
    RunObserver& observer_;
    const std::atomic<bool>& stop_;
    std::optional<Floor> floor_;
    SquaredErrors reached_;  ///< of the trained network so far
};

}  // namespace shadenet
