#include "pictures.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <stdexcept>

#include <fmt/format.h>
#include <unistd.h>

#include "catch.h"
#include "image/image.h"
#include "model/model_file.h"

namespace shadenet::test {

namespace fs = std::filesystem;

namespace {

float value(std::uint32_t c, std::uint32_t y, std::uint32_t x, int variant) {
    const std::uint32_t product =
        (c + 3) * x + (c * 5 + 7) * y + x * y * c + 41u * static_cast<unsigned>(variant);
    return static_cast<float>(product % 256) / 255.0f;
}

Image picture(std::uint32_t width, std::uint32_t height, int variant) {
    Image image{width, height, std::vector<float>(std::size_t{3} * width * height)};
    for (std::uint32_t c = 0; c < 3; ++c) {
        for (std::uint32_t y = 0; y < height; ++y) {
            for (std::uint32_t x = 0; x < width; ++x) image.at(c, y, x) = value(c, y, x, variant);
        }
    }
    return image;
}

}  // namespace

void write_picture(const fs::path& path, std::uint32_t width, std::uint32_t height, int variant) {
    write_png(path, picture(width, height, variant));
}

void write_grey_picture(const fs::path& path, std::uint32_t width, std::uint32_t height, int variant) {
    Image image = picture(width, height, variant);
    for (std::size_t i = 0; i < image.plane(); ++i) {
        float* const red = image.values.data() + i;
        red[0] = 0.3f * red[0] + 0.6f * red[image.plane()] + 0.1f * red[2 * image.plane()];
        red[image.plane()] = red[2 * image.plane()] = red[0];
    }
    write_png(path, image);
}

Pictures::Pictures() {
    for (const char* name : {"before", "after", "more"}) fs::create_directory(folder_ / name);
    for (int i = 0; i < 3; ++i) {
        const std::string name = fmt::format("p{}.png", i);
        write_picture(folder_ / "before" / name, 24, 18, i);
        write_grey_picture(folder_ / "after" / name, 24, 18, i);
    }
    write_picture(folder_ / "more" / "wide.png", 31, 7, 5);
}

Arguments Pictures::train(const Arguments& more) const {
    // Most tests are about what the classic defaults say and write.
    Arguments arguments = {"train",    "--input",   path("before"), "--target", path("after"),
                           "--output", path("run"), "--size",       "0"};
    if (std::ranges::count(more, "--reference") == 0) arguments.emplace_back("--classic");
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
}

std::string Pictures::trained_model() const {
    const Outcome outcome = run_shadenet(train({"--epochs", "1", "--quiet"}));
    if (outcome.exit_code != 0) throw std::runtime_error(outcome.err);
    return path("run/model.safetensors");
}

Arguments Pictures::apply(const std::string& input, const std::string& output, const Arguments& more) const {
    Arguments arguments = {"apply", "-m", path("made.safetensors"), "-i", path(input), "-o", path(output)};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
}

std::string Pictures::made_model(const NetworkOptions& network) const {
    Model model{two_layer_network(network), {}};
    model.parameters = initial_parameters(model.network, 7);
    for (float& gamma : model.parameters.at("bn2.weight").values) gamma = 0.1f;
    write_model(folder_ / "made.safetensors", model);
    return path("made.safetensors");
}

std::size_t Pictures::entries() const {
    const fs::recursive_directory_iterator all(folder_.path());
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

std::optional<Outcome> run_on_small_disk(const Pictures& pictures, const Arguments& command,
                                         const std::string& size, const Environment& environment) {
    fs::create_directory(pictures / "disk");
    // A file system of its own, that nobody else sees, for as long as the shell runs.
    const std::string mount = fmt::format("mount -t tmpfs -o size={} none {}", size, pictures.path("disk"));
    std::string quoted = "exec";
    for (const std::string& word : command) quoted += " '" + word + "'";
    const std::string copy = fmt::format("cp -a {} {}", pictures.path("disk"), pictures.path("copy"));
    const std::string script =
        fmt::format("{} && {{ ({}); code=$?; {} && exit $code; }}; exit 99", mount, quoted, copy);
    const bool root = geteuid() == 0;
    const Outcome outcome =
        Process({"/usr/bin/unshare", root ? "-m" : "-rm", "/bin/sh", "-c", script}, environment).wait();
    if (outcome.exit_code != 99 && outcome.exit_code != 127 && fs::exists(pictures / "copy")) return outcome;
    if (std::getenv("CI") != nullptr) {
        throw std::runtime_error("no small file system can be mounted: " + outcome.err);
    }
    WARN("not tested: no small file system can be mounted here");
    return {};
}

std::map<std::string, std::string> contents(const fs::path& folder) {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.is_directory()) continue;
        files[entry.path().lexically_relative(folder).generic_string()] = read_text(entry.path());
    }
    return files;
}

std::map<std::string, std::string> left_by(const std::filesystem::path& run) {
    auto files = contents(run);
    files.erase("config.json");
    files.erase("report.html");
    std::string history;
    std::size_t column = 0;
    for (const char letter : files["history.csv"]) {
        if (column != 5 || letter == '\n') history += letter;
        if (letter == ',') ++column;
        if (letter == '\n') column = 0;
    }
    files["history.csv"] = history;
    return files;
}

std::string unlike_refusal(const Pictures& pictures, const Arguments& arguments, const std::string& part,
                           const Environment& environment) {
    const std::size_t entries = pictures.entries();
    const Outcome outcome = run_shadenet(arguments, environment);
    std::string wrong;
    if (outcome.exit_code != 2) wrong += fmt::format(" exit code {};", outcome.exit_code);
    if (error_lines(outcome) != 1) wrong += fmt::format(" {} error lines;", error_lines(outcome));
    if (outcome.err.find(part) == std::string::npos) wrong += fmt::format(" not said: {};", part);
    if (pictures.entries() != entries) wrong += " something was left behind";
    return wrong.empty() ? "" : wrong + "\n" + outcome.err;
}

}  // namespace shadenet::test
