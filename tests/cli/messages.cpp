#include "messages.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <sstream>
#include <stdexcept>

#include <fmt/format.h>

#include "catch.h"
#include "model/model_file.h"
#include "places.h"

namespace shadenet::test {

namespace fs = std::filesystem;

namespace {

constexpr const char* prelude = R"(
set -u
shadenet() { "$SHADENET" "$@"; }
pairs="--input before --target after"
small="--size 0 --hidden 1 --kernel 1 --norm none --no-residual --optimizer sgd"
quick="$small --epochs 1 --no-tune --quiet"
train() { shadenet train $pairs --output run $quick "$@"; }
apply() { shadenet apply -m made.safetensors --quiet "$@"; }
model=run/model.safetensors
classify() { shadenet classify -m $model --quiet "$@"; }
learn() {
    output=$1; shift
    shadenet train --data set --output $output --network mlp --epochs 1 --split 80%:20% --size 6 --quiet "$@"
}
edit() { LC_ALL=C sed -i "s/$2/$3/" "$1"; }
)";

/// Of libraries that the program is made of, and of exceptions that nobody thought of.
constexpr std::array<const char*, 20> foreign_words = {
    "GLFW",  "spng",    "stb",          "libjpeg",    "nlohmann", "json.exception", "parse_error",
    "std::", "basic_",  "filesystem ",  "VK_",        "CLI",      "what()",         "stoll",
    "stoi",  "At Most", "required but", "unexpected", "vector",   "not in range"};

Outcome run_script(const fs::path& folder, const std::string& script) {
    return Process({"/usr/bin/env", "-C", folder.string(), "SHADENET=" + shadenet_program(), "/bin/sh", "-c",
                    prelude + script})
        .wait();
}

/// Lines of stderr that are neither notes nor warnings, nor the lists below these.
std::size_t other_lines(const std::string& messages) {
    std::istringstream lines(messages);
    std::size_t count = 0;
    for (std::string line; std::getline(lines, line);) {
        const bool allowed = line.starts_with("shadenet: note: ") ||
                             line.starts_with("shadenet: warning: ") || line.starts_with("  ") ||
                             line.starts_with("shadenet: error: ");
        count += allowed ? 0 : 1;
    }
    return count;
}

std::string error_line(const std::string& messages) {
    const std::size_t begin = messages.find("shadenet: error: ");
    return begin == std::string::npos ? "" : messages.substr(begin, messages.find('\n', begin) - begin);
}

void check_message(const Message& message, const fs::path& folder) {
    INFO(message.name << "\n" << message.command);
    const Outcome outcome = run_script(folder, message.command);
    INFO(outcome.err);
    CHECK(outcome.exit_code == message.exit_code);
    CHECK(error_lines(outcome) == 1);
    CHECK(other_lines(outcome.err) == 0);
    const std::string line = error_line(outcome.err);
    CHECK_THAT(line, ContainsSubstring(message.says));
    for (const char* word : foreign_words) CHECK_THAT(line, !ContainsSubstring(word));
    if (*message.remedy == '\0') return;
    const Outcome mended = run_script(folder, message.remedy);
    INFO(message.remedy << "\n" << mended.err);
    CHECK(mended.exit_code == 0);
    CHECK(error_lines(mended) == 0);
    CHECK(other_lines(mended.err) == 0);
}

}  // namespace

void check_messages(std::span<const Message> messages, const MessageScene& scene) {
    const Pictures pictures;
    NetworkOptions network;
    network.hidden = 2;
    network.kernel = 1;
    pictures.made_model(network);
    network.norm = NormPlacement::none;
    Model plain{two_layer_network(network), {}};
    plain.parameters = initial_parameters(plain.network, 7);
    write_model(pictures / "plain.safetensors", plain);
    const Bytes samples(std::size_t{4} * 5 * 3, 60);
    write_bytes(pictures / "alpha.png", encode_png(5, 3, PngColour::rgb_alpha, 8, samples));
    write_bytes(pictures / "strip.png", encode_png(66000, 1, PngColour::grey, 8, Bytes(66000, 7)));
    write_bytes(pictures / "photo.jpg", encode_jpeg(24, 18, {200, 40, 60}));
    const Outcome prepared = run_script(pictures / "", scene.prepared);
    if (prepared.exit_code != 0) throw std::runtime_error(prepared.err);
    for (const Message& message : messages) {
        const TemporaryFolder folder;
        fs::copy(pictures / "", folder.path(), fs::copy_options::recursive);
        check_message(message, folder.path());
    }
}

}  // namespace shadenet::test
