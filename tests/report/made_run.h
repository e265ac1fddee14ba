// Run folders made up for the tests of reports.
#pragma once

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/file.h"
#include "image/image.h"
#include "model/model_file.h"
#include "temporary_folder.h"
#include "train/logs/history.h"
#include "train/options/options.h"

namespace shadenet::test {

/// What a made-up run is to have.
struct MadeOptions {
    std::uint32_t epochs = 5, pairs = 3, tests = 1, side = 12;
    NetworkOptions network{};
    bool validated = false;
    std::vector<RateChange> changes{};
    std::uint32_t early_stop = 0;
};

/// Every pixel differs from its neighbours, as JPEG likes it least.
inline Image noisy_picture(std::uint32_t side, std::uint32_t variant) {
    Image image{side, side, std::vector<float>(std::size_t{3} * side * side)};
    std::uint32_t state = 77 + variant;
    for (float& value : image.values) {
        state = state * 1664525 + 1013904223;
        value = static_cast<float>(state >> 24) / 255.0f;
    }
    return image;
}

class MadeRun {
  public:
    explicit MadeRun(const MadeOptions& made = {}) {
        for (const char* name : {"run", "run/images", "in", "out", "test"}) {
            std::filesystem::create_directory(folder_ / name);
        }
        options_.input = folder_ / "in";
        options_.target = folder_ / "out";
        options_.test = folder_ / "test";
        options_.output = folder_ / "run";
        options_.network.two_layer = made.network;
        options_.epochs = 5;
        options_.changes = made.changes;
        options_.early_stop = made.early_stop;
        if (made.early_stop > 0) {
            options_.validation_input = options_.input;
            options_.validation_target = options_.target;
        }
        write_file_atomically(*this / "config.json", config_text(options_, "a <device> & \"driver\""));
        write_model(*this / "checkpoint.safetensors",
                    {architecture(), initial_parameters(architecture(), 3)});
        write_history(made);
        for (std::uint32_t i = 0; i < made.pairs; ++i) add_pair(fmt::format("p{}", i), made.side);
        for (std::uint32_t i = 0; i < made.tests; ++i) add_test(fmt::format("t{}", i), made.side);
    }

    /// A file of the run folder.
    std::filesystem::path operator/(const std::string& name) const { return folder_ / "run" / name; }
    std::filesystem::path path() const { return folder_ / "run"; }
    /// A file beside it.
    std::filesystem::path beside(const std::string& name) const { return folder_ / name; }
    Network architecture() const { return options_.network.network(); }
    std::string text(const std::string& name) const {
        const std::vector<std::byte> bytes = read_file(*this / name, 1 << 26);
        return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    }

    void add_pair(const std::string& stem, std::uint32_t side) const {
        write_png(folder_ / "in" / (stem + ".png"), noisy_picture(side + 3, 1));
        write_png(folder_ / "out" / (stem + ".png"), noisy_picture(side + 3, 2));
        write_png(*this / "images" / fmt::format("before_{}.png", stem), noisy_picture(side, 3));
        write_png(*this / "images" / fmt::format("after_{}.png", stem), noisy_picture(side, 4));
    }
    void add_test(const std::string& stem, std::uint32_t side) const {
        write_png(folder_ / "test" / (stem + ".png"), noisy_picture(side, 5));
        write_png(*this / "images" / fmt::format("test_{}.png", stem), noisy_picture(side, 6));
    }

  private:
    void write_history(const MadeOptions& made) const {
        std::string text = history_header(architecture()) + "\n";
        for (std::uint32_t epoch = 1; epoch <= made.epochs; ++epoch) {
            EpochRecord record;
            record.epoch = epoch;
            record.step = epoch;
            record.learning_rate = 0.01f;
            record.train_loss = 1.0 / epoch;
            record.seconds = 0.5;
            if (made.validated) record.validation_loss = 2.0 / epoch;
            for (const Layer& layer : architecture().layers) {
                const auto* norm = std::get_if<BatchNorm>(&layer);
                if (norm == nullptr) continue;
                NormStatistics statistics{norm->name, {}, {}, {}, {}};
                for (std::uint32_t c = 0; c < norm->channels; ++c) {
                    statistics.moving_mean.push_back(std::sin(0.01f * static_cast<float>(epoch * (c + 1))));
                    statistics.moving_variance.push_back(1.0f + 0.5f * statistics.moving_mean.back());
                }
                record.norms.push_back(statistics);
            }
            text += history_row(record) + "\n";
        }
        write_file_atomically(*this / "history.csv", text);
    }

    TemporaryFolder folder_;
    TrainOptions options_;
};

inline std::size_t occurrences(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
    return count;
}

}  // namespace shadenet::test
