// The library's Gpu and LearnedFilter.
#include <cstddef>
#include <utility>

#include <fmt/format.h>

#include "cli/given_model.h"
#include "engine/picture_filter.h"
#include "image/image.h"
#include "library/opened_gpu.h"
#include "model/classifier.h"
#include "model/model_file.h"

namespace shadenet {

namespace {

void require_values(std::size_t values, std::uint32_t width, std::uint32_t height) {
    const std::size_t wanted = 3 * std::size_t{width} * height;
    if (wanted > 0 && values == wanted) return;
    throw Failure(Failure::Kind::input,
                  fmt::format("a picture of {}x{} has {} values, and {} are given; give three for each pixel",
                              width, height, wanted, values));
}

}  // namespace

Gpu::Gpu(const std::string& which)
    : inside_(as_library([&] { return std::make_shared<OpenedGpu>(OpenedGpu{Device::open(which)}); })) {}

std::string Gpu::name() const {
    return inside_->device->info().name;
}

bool Gpu::is_software() const {
    return inside_->device->info().kind == DeviceKind::software;
}

struct LearnedFilter::Inside {
    std::shared_ptr<OpenedGpu> gpu;  // outlives the filter
    PictureFilter filter;
};

LearnedFilter::LearnedFilter(const Gpu& gpu, const std::filesystem::path& model,
                             const std::string& statistics) {
    as_library([&] {
        Model read = read_model(model);
        require_filter(read, model.string());
        use_statistics(read, statistics, model.string());
        inside_.reset(
            new Inside{gpu.inside_, PictureFilter(*gpu.inside_->device, read.network, read.parameters)});
    });
}

LearnedFilter::~LearnedFilter() = default;
LearnedFilter::LearnedFilter(LearnedFilter&&) noexcept = default;
LearnedFilter& LearnedFilter::operator=(LearnedFilter&&) noexcept = default;

std::vector<std::uint8_t> LearnedFilter::apply(const std::vector<std::uint8_t>& rgb, std::uint32_t width,
                                               std::uint32_t height) {
    require_values(rgb.size(), width, height);
    return as_library([&] { return inside_->filter.apply(Picture8{width, height, rgb}).rgb; });
}

std::vector<float> LearnedFilter::apply(const std::vector<float>& rgb, std::uint32_t width,
                                        std::uint32_t height) {
    require_values(rgb.size(), width, height);
    Image picture{width, height, std::vector<float>(rgb.size())};
    const std::size_t plane = picture.plane();
    for (std::size_t i = 0; i < plane; ++i) {
        for (std::size_t c = 0; c < 3; ++c) picture.values[c * plane + i] = rgb[3 * i + c];
    }
    const Image made = as_library([&] { return inside_->filter.apply(picture); });
    std::vector<float> result(rgb.size());
    for (std::size_t i = 0; i < plane; ++i) {
        for (std::size_t c = 0; c < 3; ++c) result[3 * i + c] = made.values[c * plane + i];
    }
    return result;
}

}  // namespace shadenet
