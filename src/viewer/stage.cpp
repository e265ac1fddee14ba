#include "viewer/stage.h"

#include <iterator>

namespace shadenet {

namespace {

/// The most thumbnails to keep; further ones are decoded again when needed.
constexpr std::size_t most_thumbnails = 1024;

std::array<float, 3> value_of(const Image& image, PixelPosition pixel) {
    return {image.at(0, pixel.y, pixel.x), image.at(1, pixel.y, pixel.x), image.at(2, pixel.y, pixel.x)};
}

}  // namespace

Stage::Still::Still(const Device& device, const Image& image, const char* name)
    : width(image.width), height(image.height), buffer(device, image.values.size() * sizeof(float), name) {
    buffer.upload(std::span<const float>(image.values));
}

PixelPlanes Stage::Still::planes() const {
    return {buffer.whole(), width, height, 0, width, width * height};
}

Stage::Stage(Window& window)
    : window_(window),
      reader_(window.device()),
      value_(Buffer::on_host(window.device(), 3 * sizeof(float), "value under the cursor")) {}

Stage::~Stage() {
    clear_pictures();
}

void Stage::set_network(const Network& network) {
    clear_picture();
    filter_.reset();
    parameters_.reset();
    network_ = network;
}

void Stage::show_parameters(const Parameters& parameters) {
    parameters_ = parameters;
    changed_ = true;
    if (filter_ != nullptr) {
        filter_->set(parameters);
        return;
    }
    filter_ = std::make_unique<ResidentFilter>(window_.device(), *network_, parameters);
    hold_picture();
}

void Stage::hide_output() {
    parameters_.reset();
    changed_ = false;
}

void Stage::show_statistics(ShownStatistics statistics) {
    changed_ = changed_ || statistics != statistics_;
    statistics_ = statistics;
}

void Stage::set_picture(LoadedPicture picture) {
    input_ = std::move(picture.input);
    target_image_ = std::move(picture.target);
    if (target_) window_.retire(std::exchange(target_, nullptr));
    if (target_image_) target_ = std::make_shared<Still>(window_.device(), *target_image_, "target");
    hold_picture();
}

/// Copies the input to the device as the filter reads it: margins depend on the filter's kernel.
void Stage::hold_picture() {
    if (picture_) {
        // retire() waits only for frames, but other work may use the picture, too.
        reader_.finish();
        if (filter_) filter_->finish();
        window_.retire(std::exchange(picture_, nullptr));
    }
    values_ = {};
    asked_.reset();
    if (filter_ == nullptr || !input_) return;
    picture_ = filter_->hold(*input_);
    changed_ = true;
}

void Stage::set_thumbnail(LoadedPicture picture) {
    if (thumbnails_.size() >= most_thumbnails) {
        const auto distance = [&](const auto& one) {
            return one->first > picture.index ? one->first - picture.index : picture.index - one->first;
        };
        const auto first = thumbnails_.begin(), last = std::prev(thumbnails_.end());
        const auto farthest = distance(first) < distance(last) ? last : first;
        window_.retire(farthest->second);
        thumbnails_.erase(farthest);
    }
    thumbnails_[picture.index] = std::make_shared<Still>(window_.device(), picture.input, "thumbnail");
}

void Stage::clear_pictures() {
    for (auto& [index, still] : thumbnails_) window_.retire(std::move(still));
    thumbnails_.clear();
    clear_picture();
}

void Stage::clear_picture() {
    input_.reset();
    target_image_.reset();
    if (target_) window_.retire(std::exchange(target_, nullptr));
    hold_picture();
}

bool Stage::statistics_fit() const {
    return picture_ == nullptr || filter_->takes_as_batch(*picture_);
}

void Stage::update() {
    if (!changed_ || picture_ == nullptr || !parameters_) return;
    if (statistics_ == ShownStatistics::batch && statistics_fit()) {
        filter_->run_as_batch(*picture_);
    } else {
        filter_->run(*picture_);
    }
    changed_ = false;
}

void Stage::read(std::optional<PixelPosition> pixel) {
    if (!pixel || picture_ == nullptr || pixel->x >= width() || pixel->y >= height()) {
        values_ = {};
        return;
    }
    collect_output_value();
    values_.input = value_of(*input_, *pixel);
    values_.target.reset();
    if (target_image_) values_.target = value_of(*target_image_, *pixel);
    if (!parameters_) {
        values_.output.reset();
        return;
    }
    const PixelPlanes output = picture_->output();
    for (std::uint32_t c = 0; c < 3; ++c) {
        const std::uint64_t at = output.offset + std::uint64_t{c} * output.plane +
                                 std::uint64_t{pixel->y} * output.pitch + pixel->x;
        const BufferRange& all = output.range;
        reader_.copy(all.buffer->range(all.offset + at * sizeof(float), sizeof(float)),
                     value_.range(c * sizeof(float), sizeof(float)));
    }
    value_ticket_ = reader_.submit();
    asked_ = pixel;
}

void Stage::collect_output_value() {
    if (!asked_) return;
    reader_.wait(value_ticket_);
    const std::vector<float> values = value_.download<float>(3);
    const PixelPlanes output = picture_->output();
    const auto shown = [&](std::size_t c) { return values[c] * output.factor + output.shift; };
    values_.output = {shown(0), shown(1), shown(2)};
}

std::optional<PixelPlanes> Stage::planes(PictureId picture) const {
    if (picture.kind == PictureKind::thumbnail) {
        const auto found = thumbnails_.find(picture.index);
        if (found != thumbnails_.end()) return found->second->planes();
    }
    if (picture.kind == PictureKind::input && picture_) return picture_->input();
    if (picture.kind == PictureKind::output && picture_ && parameters_) return picture_->output();
    if (picture.kind == PictureKind::target && target_) return target_->planes();
    return std::nullopt;
}

void Stage::draw(ImDrawList& list, PictureId picture, const PicturePlace& place) {
    if (const auto shown = planes(picture)) window_.pictures().draw(list, *shown, place);
}

void Stage::draw_difference(ImDrawList& list, PictureId a, PictureId b, float gain,
                            const PicturePlace& place) {
    const std::optional<PixelPlanes> one = planes(a), other = planes(b);
    if (one && other) window_.pictures().draw_difference(list, *one, *other, gain, place);
}

}  // namespace shadenet
