#include "engine/picture_losses.h"

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <utility>

namespace shadenet {

double mean_squared_difference(const Image& one, const Image& other) {
    if (one.width != other.width || one.height != other.height || one.values.size() != other.values.size())
        throw std::invalid_argument("pictures of different sizes");
    double sum = 0;
    for (std::size_t first = 0; first < one.values.size(); first += one.width) {
        double of_row = 0;
        for (std::size_t i = first; i < first + one.width; ++i) {
            const double difference = static_cast<double>(one.values[i]) - other.values[i];
            of_row += difference * difference;
        }
        sum += of_row;
    }
    return sum / static_cast<double>(one.values.size());
}

std::vector<double> PictureLosses::losses(const Parameters& parameters) {
    // The earlier one goes only after the next picture, so that what is compiled is not compiled again.
    const std::unique_ptr<PictureFilter> earlier =
        std::exchange(filter_, std::make_unique<PictureFilter>(device_, network_, parameters));
    std::vector<double> losses;
    for (std::uint32_t i = 0; i < pictures_.size(); ++i) {
        const Image result = filter_->apply(pictures_.input_picture(i));
        losses.push_back(mean_squared_difference(result, pictures_.target_picture(i)));
    }
    return losses;
}

}  // namespace shadenet
