// The pictures of a run: found and checked by their headers first, then decoded, resized and kept in host
// memory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "data/examples.h"
#include "data/pair_profiles.h"
#include "data/run_data.h"
#include "image/image.h"
#include "image/pairs.h"
#include "image/picture_file.h"
#include "model/pixel_range.h"

namespace shadenet {

struct CheckedPairs;

/// Counts what is unusual about the pictures of a run, so that it is said once per kind and not once per
/// picture.
class PictureNotes {
  public:
    /// One more picture, with what read_image() noted and its size.
    void add(const ImageFile& file) { add(file.image.width, file.image.height, file.notes); }
    void add(std::uint32_t width, std::uint32_t height, const std::vector<std::string>& notes);
    /// What their names and headers have told.
    void add(const CheckedPairs& pairs);
    /// "3 of 6 pictures are grey; their one channel is used for red, green and blue", one line for each kind.
    std::vector<std::string> lines() const;

  private:
    std::uint32_t pictures_ = 0, thin_ = 0, unequal_pairs_ = 0;
    std::map<std::string, std::uint32_t> kinds_;
    std::vector<std::string> of_pairs_;
};

/// Pairs whose headers are in order, and the one size that all their pictures will have.
struct CheckedPairs {
    std::vector<ImagePair> pairs;
    std::uint32_t width = 0, height = 0;
    std::uint32_t unequal = 0;  ///< pairs whose pictures differ in size, besides those of `apart`
    /// Pairs of which EXIF's orientation turns one picture, and the other lies as the former is stored.
    std::vector<ImagePair> apart{};
    /// All pictures have 8 bits and keep their size, so that their values are whole 255ths.
    bool whole_levels = true;
    /// How many pairs each domain has, where there are several: they lie one after the other.
    std::vector<std::uint32_t> domain_sizes{};
};

/// Pairs the pictures of two folders by stem and reads their headers; decodes nothing. `size`: side of the
/// square that they are to be resized to, or 0 for their own size, which must then be the same for all.
/// Throws InputError as pair_images() and image_size() do, and for pictures of unequal size, naming two files
/// and both sizes, and the cause where an orientation explains them.
CheckedPairs check_pairs(const std::filesystem::path& input, const std::filesystem::path& target,
                         std::uint32_t size);

/// The same for the pictures of all domains, each with its domain's name and a _ before its stem: what is
/// made of two pictures of one name must not have one name. Throws InputError also when two have one all the
/// same.
CheckedPairs check_domains(const std::vector<Domain>& domains, std::uint32_t size);

/// The pictures of a folder, or the one file, none of them needing a partner; their headers are in order and
/// no two share a stem. Empty for an empty path. Throws InputError.
std::vector<std::filesystem::path> check_pictures(const std::filesystem::path& file_or_folder);

/// Pairs of pictures of one size. The pixels of a picture are kept once: a byte a value where they are all
/// whole 255ths, as those of an 8-bit file that kept its size, else as floats.
class PicturePairs : public Examples {
  public:
    /// A black pair for every stem, until set() gives another. `range`: the network's, which input() and
    /// target() are in.
    PicturePairs(std::vector<std::string> stems, std::uint32_t width, std::uint32_t height,
                 std::vector<std::uint32_t> domain_sizes = {}, const PixelRange& range = {});
    /// Decodes and resizes every pair, one after the other. Throws InputError for a file that cannot be
    /// decoded.
    PicturePairs(const CheckedPairs& pairs, PictureNotes& notes, const PixelRange& range = {});

    /// Throws std::invalid_argument for pictures of another size.
    void set(std::uint32_t index, const Image& input, const Image& target);

    std::uint32_t width() const { return input_shape().w; }
    std::uint32_t height() const { return input_shape().h; }
    const std::vector<std::string>& stems() const { return stems_; }
    /// What the files were that the pairs come from, in the order of stems(); none of pairs that were set().
    const std::vector<PairRecord>& records() const { return records_; }
    const PairProfiles& profiles() const { return profiles_; }
    /// The pictures themselves, 0..1 in any range.
    Image input_picture(std::uint32_t index) const { return picture(pixels_[index].input); }
    Image target_picture(std::uint32_t index) const { return picture(pixels_[index].target); }

    bool whole_levels() const override;
    std::vector<float> input(std::uint32_t index) const override { return in_range(input_picture(index)); }
    std::vector<float> target(std::uint32_t index) const override { return in_range(target_picture(index)); }
    ModelColours colours() const override { return profiles_.colours(); }

  private:
    using Pixels = std::variant<std::vector<std::uint8_t>, std::vector<float>>;  ///< empty: black
    struct Pair {
        Pixels input, target;
    };
    Pixels kept(const Image& image) const;
    Image picture(const Pixels& pixels) const;
    std::vector<float> in_range(Image image) const;

    std::vector<std::string> stems_;
    PixelRange range_;
    std::vector<PairRecord> records_;
    PairProfiles profiles_;
    std::vector<Pair> pixels_;
};

}  // namespace shadenet
