// The picture that is shown, on the device with what the network makes of it, and the small ones of the
// strip.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>

#include "engine/resident_filter.h"
#include "gpu/buffer.h"
#include "gpu/recorder.h"
#include "model/network.h"
#include "model/parameters.h"
#include "viewer/picture_loader.h"
#include "viewer/picture_painter.h"
#include "viewer/pictures_view.h"
#include "viewer/window.h"

namespace shadenet {

/// Which statistics the norms of the shown output use.
enum class ShownStatistics { moving, batch };

class Stage : public PicturePainter {
  public:
    /// The window must outlive the stage.
    explicit Stage(Window& window);
    ~Stage() override;

    /// Networks of these options from now on; there is no output before show_parameters().
    void set_network(const NetworkOptions& network);
    /// What the output is to be made with.
    void show_parameters(const Parameters& parameters);
    void show_statistics(ShownStatistics statistics);
    /// There is no output until show_parameters() is called again.
    void hide_output();
    ShownStatistics statistics() const { return statistics_; }

    void set_picture(LoadedPicture picture);
    void clear_picture();
    void set_thumbnail(LoadedPicture picture);
    bool has_thumbnail(std::size_t index) const { return thumbnails_.contains(index); }
    void clear_pictures();

    /// Submits what is needed to bring the output up to date. Before drawing, once in a frame.
    void update();
    bool has_picture() const { return picture_ != nullptr; }
    /// The output is what was last asked for.
    bool up_to_date() const { return !changed_; }
    /// False where the picture is too large for the statistics of a batch: its output uses the moving ones.
    bool statistics_fit() const;
    std::uint32_t width() const { return picture_ ? picture_->image().width : 0; }
    std::uint32_t height() const { return picture_ ? picture_->image().height : 0; }

    /// Asks for the values at a pixel; values() has them a frame or two later.
    void read(std::optional<PixelPosition> pixel);
    PixelValues values() const { return values_; }

    void draw(ImDrawList& list, PictureId picture, ImVec2 min, ImVec2 max, ImVec2 uv_min,
              ImVec2 uv_max) override;
    void draw_difference(ImDrawList& list, PictureId a, PictureId b, float gain, ImVec2 min, ImVec2 max,
                         ImVec2 uv_min, ImVec2 uv_max) override;

  private:
    /// A picture of the host on the device, as it is.
    struct Still {
        Still(const Device& device, const Image& image, const char* name);
        PixelPlanes planes() const;
        std::uint32_t width, height;
        Buffer buffer;
    };

    void hold_picture();
    std::optional<PixelPlanes> planes(PictureId picture) const;
    void collect_output_value();

    Window& window_;
    Recorder reader_;  ///< of single values
    Buffer value_;     ///< of the output, three floats
    std::uint64_t value_ticket_ = 0;
    std::optional<PixelPosition> asked_;  ///< whose value is on its way
    PixelValues values_;

    std::optional<NetworkOptions> network_;
    std::optional<Parameters> parameters_;
    ShownStatistics statistics_ = ShownStatistics::moving;
    std::unique_ptr<ResidentFilter> filter_;
    std::optional<Image> input_, target_image_;
    std::shared_ptr<ResidentPicture> picture_;
    std::shared_ptr<Still> target_;
    std::map<std::size_t, std::shared_ptr<Still>> thumbnails_;
    bool changed_ = false;
};

}  // namespace shadenet
