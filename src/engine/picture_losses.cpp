#include "engine/picture_losses.h"

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <utility>

namespace shadenet {

void SquaredErrors::add(const SquaredErrors& more) {
    sum += more.sum;
    values += more.values;
}

SquaredErrors squared_errors(const Image& result, const Image& target, std::uint32_t radius) {
    if (result.width != target.width || result.height != target.height) {
        throw std::invalid_argument("a result differs in size from its target");
    }
    SquaredErrors errors;
    for (std::uint32_t c = 0; c < 3; ++c) {
        for (std::uint32_t y = radius; y + radius < result.height; ++y) {
            double row = 0;
            for (std::uint32_t x = radius; x + radius < result.width; ++x) {
                const double error = static_cast<double>(result.at(c, y, x)) - target.at(c, y, x);
                row += error * error;
                errors.values += 1;
            }
            errors.sum += row;
        }
    }
    return errors;
}

std::vector<double> PictureLosses::losses(const Parameters& parameters) {
    // The earlier one goes only after the next picture, so that what is compiled is not compiled again.
    const std::unique_ptr<PictureFilter> earlier =
        std::exchange(filter_, std::make_unique<PictureFilter>(device_, network_, parameters));
    std::vector<double> losses;
    for (const std::uint32_t i : own_) {
        const Image result = filter_->apply(pictures_.input_picture(i));
        losses.push_back(squared_errors(result, pictures_.target_picture(i)).mean());
    }
    return losses;
}

}  // namespace shadenet
