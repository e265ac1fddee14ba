// Cases to check the passes at the ends of the stack plan in, and what is checked in each: the device against
// float64. Inputs hold `beyond_channels` in channels beyond the last one.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "check/compare.h"
#include "check/device_data.h"

namespace shadenet::check {

struct PackingCase {
    Shape x;                 ///< the batch
    bool features = false;   ///< packed as [n,c·h·w,1,1]
    std::uint32_t more = 0;  ///< examples that there are besides: then the batch has random ones, some twice
    Data data = Data::normal;  ///< levels are kept as bytes
    std::uint64_t seed = 1;
    std::uint32_t margin = 0;  ///< around the examples that are packed, continued so
    PicturePadding padding = PicturePadding::edge;
    std::uint32_t most_move = 0;  ///< examples are moved by up to so many pixels, and some mirrored; 0: none
    PixelRange range{};           ///< of levels, which are exact in it
};

/// Examples packed, with a margin if there is one or moved, and a packed tensor made planar: every value
/// keeps its bits, and what is packed has 0 in channels beyond the last one.
std::vector<Comparison> check_packing(const Device& device, const PackingCase& one);

struct FlattenCase {
    Shape map;
    Data data = Data::normal;
    std::uint64_t seed = 1;
};

/// Maps to features, and features to maps: every value keeps its bits, with 0 beyond the last ones.
std::vector<Comparison> check_flatten(const Device& device, const FlattenCase& one);

struct AverageCase {
    Shape x;
    Data data = Data::normal;
    std::uint64_t seed = 1;
};

/// Forward, and backward from a random dy. Of one pixel both are copies. The means of one image are to be the
/// same bits alone as in the batch.
std::vector<Comparison> check_average(const Device& device, const AverageCase& one);

/// Where a sum is written.
enum class SumTarget { new_tensor, first, second };

struct AddCase {
    Shape x;
    SumTarget target = SumTarget::new_tensor;
    Data data = Data::normal;
    std::uint64_t seed = 1;
};

/// y = x + other, exact to float32's one rounding; and a copy.
std::vector<Comparison> check_add(const Device& device, const AddCase& one);

struct AddMiddleCase {
    Shape x;
    std::uint32_t ring = 1;  ///< rows and columns that the wider tensor has more, on each side
    Data data = Data::normal;
    std::uint64_t seed = 1;
};

/// To x the middle of a wider tensor, and to that in place x; and a copy of x in the middle of zeros. Exact
/// likewise; the ring keeps its bits.
std::vector<Comparison> check_add_middle(const Device& device, const AddMiddleCase& one);

struct SquaredErrorCase {
    Shape result;
    std::uint32_t row =
        0;  ///< the row for the first loss; the rows beside those of losses must keep their values
    Data data = Data::normal;
    std::uint64_t seed = 1;
};

/// The mean squared error of two random tensors with its gradient, and that of each example, which is to be
/// the same bits alone as in the batch.
std::vector<Comparison> check_squared_error(const Device& device, const SquaredErrorCase& one);

enum class Logits {
    normal,     ///< deviation 1
    ugly,       ///< mean 10, deviation 100
    confident,  ///< the label 12 above the rest in every second example: losses of 1e-5
    huge,       ///< 10,000 or −10,000
    equal       ///< all of an example the same, so that class 0 is the answer
};
std::string to_string(Logits logits);

struct CrossEntropyCase {
    std::uint32_t images, classes;
    Logits logits = Logits::normal;
    std::uint32_t row = 0;
    bool correct = true;  ///< also count right answers
    std::uint64_t seed = 1;
};

/// As check_squared_error(), of logits and random labels, with the right answers.
std::vector<Comparison> check_cross_entropy(const Device& device, const CrossEntropyCase& one);

}  // namespace shadenet::check
