#include "engine/picture_losses.h"

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <utility>

namespace shadenet {

InnerLoss::Sums InnerLoss::sums(const Image& result, const Image& target) const {
    if (result.width != target.width || result.height != target.height) {
        throw std::invalid_argument("a result differs in size from its target");
    }
    Sums sums;
    for (std::uint32_t c = 0; c < 3; ++c) {
        for (std::uint32_t y = radius_; y + radius_ < result.height; ++y) {
            double row = 0;
            for (std::uint32_t x = radius_; x + radius_ < result.width; ++x) {
                const double error = static_cast<double>(result.at(c, y, x)) - target.at(c, y, x);
                row += error * error;
                sums.values += 1;
            }
            sums.squares += row;
        }
    }
    return sums;
}

void InnerLoss::add(const Sums& picture) {
    all_.squares += picture.squares;
    all_.values += picture.values;
}

double InnerLoss::mean() const {
    return all_.squares / all_.values;
}

std::vector<double> PictureLosses::losses(const Parameters& parameters) {
    // The earlier one goes only after the next picture, so that what is compiled is not compiled again.
    const std::unique_ptr<PictureFilter> earlier =
        std::exchange(filter_, std::make_unique<PictureFilter>(device_, network_, parameters));
    std::vector<double> losses;
    for (const std::uint32_t i : own_) {
        const Image result = filter_->apply(pictures_.input_picture(i));
        InnerLoss whole(0);
        whole.add(result, pictures_.target_picture(i));
        losses.push_back(whole.mean());
    }
    return losses;
}

}  // namespace shadenet
