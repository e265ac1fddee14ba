// Learns a filter from two folders of pictures, and applies it to a picture in memory.
// filter INPUT TARGET RUN     RUN is a folder for the run; the picture is written into it as filtered.ppm
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include <shadenet.h>

int main(int argc, char** argv) {
    if (argc != 4) {
        std::cerr << "usage: filter INPUT TARGET RUN\n";
        return 2;
    }
    try {
        const shadenet::Gpu gpu;
        std::cout << "on " << gpu.name() << '\n';
        const std::filesystem::path run = argv[3];
        const auto show = [](const shadenet::TrainingProgress& now) {
            std::cout << "epoch " << now.epoch << " of " << now.epochs << ", loss " << now.loss << '\n';
            return true;  // go on
        };
        shadenet::train(gpu, {argv[1], argv[2], run, show, {"--epochs", "10", "--size", "64"}});

        shadenet::LearnedFilter filter(gpu, run / "model.safetensors");
        const std::uint32_t width = 320, height = 200;
        std::vector<std::uint8_t> picture;
        for (std::uint32_t i = 0; i < width * height; ++i) {
            for (const std::uint32_t value : {i % width * 255 / width, i / width * 255 / height, 128u}) {
                picture.push_back(static_cast<std::uint8_t>(value));
            }
        }
        picture = filter.apply(picture, width, height);
        std::ofstream(run / "filtered.ppm", std::ios::binary) << "P6 " << width << ' ' << height << " 255\n"
                                                              << std::string(picture.begin(), picture.end());
    } catch (const shadenet::Failure& failure) {
        std::cerr << failure.what() << '\n';
        return failure.kind() == shadenet::Failure::Kind::input ? 2 : 1;
    }
}
