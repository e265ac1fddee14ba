// Pairs of whole pictures in host memory, of any sizes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "data/pair_facts.h"
#include "data/pair_profiles.h"
#include "data/run_data.h"
#include "group/shares.h"
#include "image/image.h"
#include "image/pairs.h"
#include "model/pixel_range.h"

namespace shadenet {

struct CheckedPairs;
class PictureNotes;

struct PictureSize {
    std::uint32_t width = 0, height = 0;
    bool operator==(const PictureSize&) const = default;
};

/// "1536x1024".
std::string to_string(const PictureSize& size);

/// An input and a target of one size; pairs may differ in theirs. The pixels of a picture are kept once: a
/// byte a value where they are all whole 255ths, as those of an 8-bit file that kept its size, else as
/// floats.
class PictureSet {
  public:
    /// [c,h,w] of 0..1, or the 255ths that they are; empty: black.
    using Pixels = std::variant<std::vector<std::uint8_t>, std::vector<float>>;

    /// A black pair for every stem, until set() gives another. `domain_sizes`: how many pairs each domain
    /// has, which lie together; none: all are of one. `range`: the network's, which input() and target() are
    /// in. Throws std::invalid_argument when the domains do not add up to the pairs, or there is no size for
    /// each.
    PictureSet(std::vector<std::string> stems, std::vector<PictureSize> sizes,
               std::vector<std::uint32_t> domain_sizes = {}, const PixelRange& range = {});
    /// Decodes every pair of this process's shares, one after the other, takes a shift out where `pairs` asks
    /// for that, and resizes what has another size than it says. Throws InputError for a file that cannot be
    /// read.
    PictureSet(const CheckedPairs& pairs, PictureNotes& notes, const PixelRange& range = {});
    /// Learns of all pairs what their files have told the processes that decode them, which `notes` gets too.
    /// All ranks call it together, before anything that depends on other ranks' pairs; a process by itself
    /// has no need to.
    void join(PictureNotes& notes);

    /// The same set in which all pairs but these are black, and no file of theirs is read.
    PictureSet only(const std::vector<std::uint32_t>& pairs) const;

    /// Throws std::invalid_argument for pictures of another size than the pair's.
    void set(std::uint32_t index, const Image& input, const Image& target);

    std::uint32_t size() const { return static_cast<std::uint32_t>(stems_.size()); }
    std::uint32_t width(std::uint32_t index) const { return sizes_[index].width; }
    std::uint32_t height(std::uint32_t index) const { return sizes_[index].height; }
    const std::vector<PictureSize>& sizes() const { return sizes_; }
    /// The shortest side of all pictures.
    std::uint32_t smallest_side() const;
    bool of_one_size() const;

    const std::vector<std::uint32_t>& domain_sizes() const { return domain_sizes_; }
    std::uint32_t domain_of(std::uint32_t index) const;
    const std::vector<std::string>& stems() const { return stems_; }
    /// Of pairs.
    const Shares& shares() const { return shares_; }
    /// What the files were that the pairs come from, in the order of stems(), as those have read them who
    /// decode them; none of pairs that were set().
    const std::vector<PairRecord>& records() const { return records_; }
    const PairProfiles& profiles() const { return profiles_; }
    const PixelRange& range() const { return range_; }

    // A pair that is not kept is read anew where the one before was another; it is black where its files are
    // not here. Throws InputError for a file that is not what the records tell.

    /// The pictures themselves, 0..1 in any range.
    Image input_picture(std::uint32_t index) const { return picture(index, *input_pixels(index)); }
    Image target_picture(std::uint32_t index) const { return picture(index, *target_pixels(index)); }
    std::shared_ptr<const Pixels> input_pixels(std::uint32_t index) const;
    std::shared_ptr<const Pixels> target_pixels(std::uint32_t index) const;

    /// All values that a network sees are whole 255ths from 0 to 1, in pairs of other processes too.
    bool whole_levels() const;
    /// The values of a whole picture, [c,h,w], as the network takes them.
    std::vector<float> input(std::uint32_t index) const { return in_range(input_picture(index)); }
    std::vector<float> target(std::uint32_t index) const { return in_range(target_picture(index)); }

  private:
    /// Null: black, or not kept.
    struct Pair {
        std::shared_ptr<const Pixels> input, target;
    };
    /// The latest pair that was not kept; several threads may ask.
    struct LatestPair {
        std::mutex mutex;
        std::optional<std::uint32_t> index;
        Pair pair;
    };
    Image picture(std::uint32_t index, const Pixels& pixels) const;
    std::vector<float> in_range(Image image) const;
    /// Decodes a pair whose files are here.
    Pair read(std::uint32_t index, PairFacts& facts) const;
    Pair read_again(std::uint32_t index) const;
    Pair pixels_of(std::uint32_t index) const;
    void tell(const std::vector<PairFacts>& all, PictureNotes& notes);

    std::vector<std::string> stems_;
    std::vector<PictureSize> sizes_;
    std::vector<std::uint32_t> domain_sizes_;
    PixelRange range_;
    Shares shares_;
    std::vector<ImagePair> files_;  ///< [pair] without paths where another rank alone has the files
    bool align_ = false;
    std::vector<PairRecord> records_;
    std::vector<PairFacts> own_facts_;  ///< until join()
    PairProfiles profiles_;
    std::vector<Pair> pixels_;
    std::shared_ptr<LatestPair> latest_ = std::make_shared<LatestPair>();
    bool files_have_levels_ = true;  ///< pairs of files, of all ranks
};

}  // namespace shadenet
