// What the tests of the window learn from: small pictures, shown at their own size.
#pragma once

#include <fstream>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "../cli/pictures.h"
#include "image/image.h"

namespace shadenet::test {

/// Three pairs in before/ and after/, of 64 x 96 pixels: high ones leave the labels of a small window free.
class Pairs {
  public:
    Pairs() {
        for (const char* name : {"before", "after"}) std::filesystem::create_directory(folder_ / name);
        for (int i = 0; i < 3; ++i) {
            write_picture(folder_ / fmt::format("before/p{}.png", i), 64, 96, i);
            write_grey_picture(folder_ / fmt::format("after/p{}.png", i), 64, 96, i);
        }
    }

    std::filesystem::path operator/(const std::string& name) const { return folder_ / name; }
    std::string path(const std::string& name) const { return (folder_ / name).string(); }
    Image image(const std::string& name) const { return read_image(folder_ / name).image; }
    nlohmann::json config(const std::string& run) const {
        return nlohmann::json::parse(std::ifstream(folder_ / run / "config.json"));
    }

    /// A small window, and training flags into run/.
    Arguments train(const std::string& epochs, const Arguments& more = {}) const {
        Arguments all = {"--size", "1000", "700"};
        for (const Arguments& part : {train_flags(epochs), more})
            all.insert(all.end(), part.begin(), part.end());
        return all;
    }
    /// The same window on the run that is there.
    Arguments run() const { return {"--size", "1000", "700", path("run")}; }
    /// The same run without a window.
    void train_headless(const std::string& epochs) const {
        require_success(run_shadenet(train_flags(epochs)));
    }
    /// What the run's model makes of a picture.
    Image applied(const std::string& input) const {
        const std::string result = path("applied.png");
        require_success(run_shadenet(
            {"apply", "-m", path("run/model.safetensors"), "-i", path(input), "-o", result, "--overwrite"}));
        return read_image(result).image;
    }

  private:
    Arguments train_flags(const std::string& epochs) const {
        return {"train",     "--classic", "--input", path("before"), "--target", path("after"), "--output",
                path("run"), "--epochs",  epochs,    "--size",       "0",        "--no-tune"};
    }
    static void require_success(const Outcome& outcome) {
        if (outcome.exit_code != 0) throw std::runtime_error(outcome.err);
    }

    TemporaryFolder folder_;
};

}  // namespace shadenet::test
