// The pictures of a run: found and checked by their headers first, then decoded, resized and put on the
// device.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "engine/tensors/tensor.h"
#include "image/image.h"
#include "image/pairs.h"
#include "image/picture_file.h"
#include "train/options.h"
#include "data/pair_profiles.h"
#include "data/run_data.h"

namespace shadenet {

class Device;
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
    /// How many pairs each stream has, where there are streams: they lie one after the other.
    std::vector<std::uint32_t> stream_sizes{};
};

/// Pairs the pictures of two folders by stem and reads their headers; decodes nothing. `size`: side of the
/// square that they are to be resized to, or 0 for their own size, which must then be the same for all.
/// Throws InputError as pair_images() and image_size() do, and for pictures of unequal size, naming two files
/// and both sizes, and the cause where an orientation explains them.
CheckedPairs check_pairs(const std::filesystem::path& input, const std::filesystem::path& target,
                         std::uint32_t size);

/// The same for the pictures of all streams, each with its stream's name and a _ before its stem: what is
/// made of two pictures of one name must not have one name. Throws InputError also when two have one all the
/// same.
CheckedPairs check_streams(const std::vector<Stream>& streams, std::uint32_t size);

/// The pictures of a folder, or the one file, none of them needing a partner; their headers are in order and
/// no two share a stem. Empty for an empty path. Throws InputError.
std::vector<std::filesystem::path> check_pictures(const std::filesystem::path& file_or_folder);

/// Pairs of pictures of one size on the device, in the range of the network that is to learn from them.
class DataSet {
  public:
    /// Room for a pair for every stem; undefined pixels until set() gives them. `stream_sizes` add up to the
    /// number of stems; without them all pairs are of one stream.
    DataSet(const Device& device, std::vector<std::string> stems, std::uint32_t width, std::uint32_t height,
            std::vector<std::uint32_t> stream_sizes = {}, const PixelRange& range = {});
    /// Decodes, resizes and uploads every pair, one after the other. Throws InputError for a file that cannot
    /// be decoded.
    DataSet(const Device& device, const CheckedPairs& pairs, PictureNotes& notes,
            const PixelRange& range = {});

    /// Throws std::invalid_argument for pictures of another size.
    void set(std::uint32_t index, const Image& input, const Image& target);

    std::uint32_t size() const { return static_cast<std::uint32_t>(stems_.size()); }
    std::uint32_t width() const { return input_.shape().w; }
    std::uint32_t height() const { return input_.shape().h; }
    const std::vector<std::string>& stems() const { return stems_; }
    /// What the files were that the pairs come from, in the order of stems(); none of pairs that were set().
    const std::vector<PairRecord>& records() const { return records_; }
    const PairProfiles& profiles() const { return profiles_; }
    /// Pairs of each stream, one stream after the other.
    const std::vector<std::uint32_t>& stream_sizes() const { return stream_sizes_; }
    /// Of a pair.
    std::uint32_t stream_of(std::uint32_t index) const;
    /// [n,3,height,width], in the order of stems(), and in the range.
    const Tensor& input() const { return input_; }
    const Tensor& target() const { return target_; }
    /// One input, or target, back from the device and the range.
    Image input_picture(std::uint32_t index) const;
    Image target_picture(std::uint32_t index) const;

  private:
    void upload(const Image& image, std::uint32_t index, Tensor& to) const;
    Image downloaded(const Tensor& from, std::uint32_t index) const;

    std::vector<std::string> stems_;
    std::vector<std::uint32_t> stream_sizes_;
    PixelRange range_;
    std::vector<PairRecord> records_;
    PairProfiles profiles_;
    Tensor input_, target_;
};

}  // namespace shadenet
