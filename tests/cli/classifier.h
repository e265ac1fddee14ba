// A classifier whose answers are known: left, right or dark.
#pragma once

#include <string>

#include "image/image.h"
#include "model/model_file.h"
#include "model/network_text.h"
#include "pictures.h"

namespace shadenet::test {

/// Looks at grey pictures of 8 x 4: `left` and `right` by the light of each half, and `dark` where there is
/// little. The logits of a white half are `light`, `dark` has an eighth of that.
inline Model left_right_model(float light = 16) {
    Model model{parse_network("input 1x4x8, dense 3", ""), {}};
    model.parameters = initial_parameters(model.network, 1);
    std::vector<float>& weights = model.parameters.at("fc1.weight").values;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const bool of_left = i % 8 < 4;
        const std::size_t of_class = i / 32;
        weights[i] = of_class == 2 || of_left != (of_class == 0) ? 0.0f : light / 16;
    }
    model.parameters.at("fc1.bias").values = {0, 0, light / 8};
    model.classes = {.names = {"left", "right", "dark"},
                     .channels = 1,
                     .height = 4,
                     .width = 8,
                     .resizing = "centre",
                     .grey = "luma"};
    return model;
}

/// A PNG of 8 x 4 with these levels in its halves.
inline void write_halves(const std::filesystem::path& path, std::uint8_t left, std::uint8_t right) {
    Bytes samples;
    for (int i = 0; i < 32; ++i) samples.push_back(i % 8 < 4 ? left : right);
    write_bytes(path, encode_png(8, 4, PngColour::grey, 8, samples));
}

/// A folder with the model in model.safetensors, and the folder in/ with the pictures l.png, r.png and d.png,
/// each of its class.
class HalvesScene {
  public:
    HalvesScene() {
        write_model(folder_ / "model.safetensors", left_right_model());
        std::filesystem::create_directory(folder_ / "in");
        write_halves(*this / "in/l.png", 255, 0);
        write_halves(*this / "in/r.png", 0, 255);
        write_halves(*this / "in/d.png", 0, 0);
    }
    std::filesystem::path operator/(const std::string& name) const { return folder_ / name; }
    std::string path(const std::string& name) const { return (folder_ / name).string(); }

    Arguments arguments(const Arguments& more) const {
        Arguments all = {"classify", "-m", path("model.safetensors"), "-i", path("in")};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }
    Outcome run(const Arguments& more = {}) const { return run_shadenet(arguments(more)); }

  private:
    TemporaryFolder folder_;
};

}  // namespace shadenet::test
