// The sums over tiles of pairs that a last layer is solved from. Every rank forms those of its shares, and
// all get those of all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "engine/stack/feature_gram.h"
#include "engine/stack/tile_layers.h"
#include "gpu/recorder.h"
#include "group/shares.h"
#include "train/last_layer.h"
#include "train/solve.h"
#include "train/solve_tiles.h"

namespace shadenet {

/// All ranks make the same calls. Where one fails, all throw: rank 0 what do_rounds() throws there, the
/// others Stopped, as all do once it is to stop.
class SolveSums {
  public:
    /// The references must outlive it.
    SolveSums(const Device& device, const SolveProblem& problem, const LastLayer& last,
              const SolveOptions& options);

    const Shares& shares() const { return training_.pairs().shares(); }
    /// Does `work` on every rank.
    void on_all(const std::function<void()>& work);
    /// How many rounds the tiles of the problem's pairs take.
    std::size_t rounds(const PictureSet& pairs, const std::vector<PairTile>& tiles) const;
    /// How many rounds all calls of moments() and squared_error() will take, for the progress.
    void expect(std::size_t all_rounds) { all_rounds_ = all_rounds; }

    /// The means of a tile of the training pairs, which are near those of all: of each of `channels` and each
    /// target.
    std::vector<float> center(TileLayers& layers, std::uint32_t channels, std::uint32_t kernel,
                              const PairTile& tile, bool targets);
    /// The moments of the patches of the layers' result over tiles of these pairs of the problem.
    FeatureMoments moments(TileLayers& layers, std::uint32_t kernel, const std::vector<float>& center,
                           const PictureSet& pairs, const std::vector<PairTile>& tiles, bool targets);
    /// The mean squared error of the network's result over such tiles, as of values 0..1.
    double squared_error(TileLayers& network, const PictureSet& pairs, const std::vector<PairTile>& tiles);

  private:
    void each_own(const PictureSet& pairs, const std::vector<PairTile>& tiles,
                  const std::function<void(std::size_t share, const PairTile&)>& work);
    PairReader& reader_of(const PictureSet& pairs);
    FeatureTile features_of(TileLayers& layers, PairReader& pairs, const PairTile& tile, bool targets);
    std::vector<float> targets_of(PairReader& pairs, std::uint32_t pair, const TileWindow& row,
                                  const TileWindow& column) const;
    std::vector<float> part_of(const Image& picture, const TileWindow& row, const TileWindow& column) const;

    const Device& device_;
    const SolveProblem& problem_;
    const LastLayer& last_;
    const SolveOptions& options_;
    PairReader training_, validation_;
    Recorder recorder_;
    std::size_t rounds_done_ = 0, all_rounds_ = 0;
};

}  // namespace shadenet
