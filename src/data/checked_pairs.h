// The pictures of a run as their names and headers tell of them: found, paired and checked, not decoded.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "data/picture_set.h"
#include "data/run_data.h"
#include "group/shares.h"
#include "image/image.h"
#include "image/pairs.h"
#include "pairs/align.h"

namespace shadenet {

/// What sizes the pictures of pairs are to have.
struct SizeRule {
    enum class Kind {
        squares,  ///< of one side, which all are resized to
        equal,    ///< their own, the same for all
        own,      ///< their own, the same for both of a pair
    };
    Kind kind = Kind::equal;
    std::uint32_t side = 0;  ///< of squares
};

/// Pairs whose headers are in order, and the sizes that their pictures will have.
struct CheckedPairs {
    std::vector<ImagePair> pairs;
    std::vector<PictureSize> sizes{};  ///< [pair]
    /// What resizing does.
    struct Resizing {
        std::uint32_t pictures = 0;  ///< that are resized
        bool of_several_sizes = false;
        PictureSize largest{}, to{};
    };
    Resizing resizing{};
    std::uint32_t unequal = 0;  ///< pairs whose pictures differ in size; pairs in `apart` do not count
    /// Pairs of which EXIF's orientation turns one picture, and the other lies as the former is stored.
    std::vector<ImagePair> apart{};
    const std::atomic<bool>* stop = nullptr;  ///< once it is true, reading ends with Stopped
    /// All pictures have 8 bits and keep their size, so that their values are whole 255ths.
    bool whole_levels = true;
    bool align = false;  ///< whole-pixel shifts are to be taken out
    /// How many pairs each domain has: they lie one after the other.
    std::vector<std::uint32_t> domain_sizes{};
    /// Shares of pairs. A process reads the pairs of its own shares, and another than rank 0 may lack the
    /// files of all others.
    Shares shares{};
};

/// Counts what is unusual about the pictures of a run, so that it is said once per kind and not once per
/// picture.
class PictureNotes {
  public:
    /// One more picture, with what read_image() noted and its size.
    void add(const ImageFile& file) { add(file.image.width, file.image.height, file.notes); }
    void add(std::uint32_t width, std::uint32_t height, const std::vector<std::string>& notes);
    /// What their names and headers have told.
    void add(const CheckedPairs& pairs);
    /// A pair that --align looked at, and the shift that it took out.
    void add_aligned(const std::string& stem, const PixelShift& shift);
    /// "3 of 6 pictures are grey; their one channel is used for red, green and blue", one line for each kind.
    std::vector<std::string> lines() const;

  private:
    std::uint32_t pictures_ = 0, thin_ = 0, unequal_pairs_ = 0;
    CheckedPairs::Resizing resizing_;
    std::map<std::string, std::uint32_t> kinds_;
    std::vector<std::string> of_pairs_;
    std::uint32_t aligned_ = 0, moved_ = 0;
    std::string moved_example_;
};

/// Pairs the pictures of two folders by stem, domain after domain, by their names alone. Each has its
/// domain's name, if it has one, and a _ before its stem: what is made of two pictures of one name must not
/// have one name. Throws InputError as pair_images() does, and for two pairs whose stems are equal even so.
CheckedPairs list_pairs(const std::vector<Domain>& domains);
/// Reads the headers of listed pairs, and decodes no picture. All ranks call it together, and each reads the
/// files of its own shares. Throws Stopped; InputError as image_size() does, and, of rank 0 alone, for
/// pictures of unequal size, naming two files and both sizes, and the cause where an orientation explains
/// them.
void check_headers(CheckedPairs& pairs, const SizeRule& rule);
/// Both, for a process by itself.
CheckedPairs check_pairs(const std::vector<Domain>& domains, const SizeRule& rule);
CheckedPairs check_pairs(const std::filesystem::path& input, const std::filesystem::path& target,
                         const SizeRule& rule);

/// The pictures of a folder, or the one file, none of them needing a partner; their headers are in order and
/// no two share a stem. Empty for an empty path. Throws InputError, and Stopped once `stop` is true.
std::vector<std::filesystem::path> check_pictures(const std::filesystem::path& file_or_folder,
                                                  const std::atomic<bool>* stop = nullptr);

}  // namespace shadenet
