#include "engine/stack/random_network.h"

#include <variant>

#include <fmt/format.h>

#include "base/error.h"
#include "model/network_text.h"
#include "model/random.h"

namespace shadenet::test {

namespace {

constexpr std::uint32_t most_random_layers = 12, most_head_layers = 3;
constexpr std::uint32_t most_random_images = 3, most_random_side = 24, most_small_side = 6;
/// Values of a channel that a norm must have. Of two values, normalised ones are −1 and 1, whatever the two
/// are: then gradients are nothing but rounding.
constexpr std::size_t least_values_of_norm = 16;
/// Products of a forward pass, for the reference's patience, and values of all points, of which none may be
/// next to a rectifier's kink.
constexpr std::size_t most_products = 3'000'000, most_values = 100'000;

const std::vector<std::uint32_t> random_channels = {1, 2, 3, 5, 10, 16, 33};
const std::vector<std::uint32_t> random_kernels = {1, 2, 3, 5, 7};

/// Multiplications of a forward pass; `points` are the shapes between the layers.
std::size_t products(const Network& network, const std::vector<Shape>& points) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
        std::size_t of_value = 0;
        if (const auto* conv = std::get_if<Conv>(&network.layers[i])) {
            of_value = std::size_t{conv->in_channels} * conv->kernel * conv->kernel;
        } else if (const auto* dense = std::get_if<Dense>(&network.layers[i])) {
            of_value = dense->in_features;
        }
        count += points[i + 1].values() * of_value;
    }
    return count;
}

std::size_t values_of_points(const std::vector<Shape>& points) {
    std::size_t count = 0;
    for (const Shape& point : points) count += point.values();
    return count;
}

}  // namespace

RandomNetwork::RandomNetwork(std::uint64_t seed, Repertoire repertoire)
    : random_(random_stream(seed, 5)), repertoire_(repertoire) {
    begin();
    append_body();
    if (repertoire_ == Repertoire::filters) return;
    if (chance(0.6)) append_head();
    // With one class there is nothing to learn.
    on_labels_ = result_.plane() == 1 && result_.c > 1 && chance(0.7);
}

std::uint32_t RandomNetwork::between(std::uint32_t low, std::uint32_t high) {
    return low + static_cast<std::uint32_t>(uniform(random_) * (high - low + 1));
}

bool RandomNetwork::chance(double share) {
    return uniform(random_) < share;
}

void RandomNetwork::begin() {
    const bool small = repertoire_ == Repertoire::everything && chance(0.4);
    const std::uint32_t side = small ? most_small_side : most_random_side;
    // So many images that norms have enough of them where each has one value a channel.
    const std::uint32_t images = small ? between(least_values_of_norm, 20) : between(1, most_random_images);
    shape_ = {images, one_of(random_channels), between(1, side), between(1, side)};
    result_ = shape_;
    const bool fixed = repertoire_ == Repertoire::everything && chance(0.7);
    text_ = fmt::format("input {}{}{}", shape_.c, fixed ? fmt::format("x{}x{}", shape_.h, shape_.w) : "",
                        one_of<std::string>({"", " scale 255", " range -1..1"}));
}

void RandomNetwork::append_body() {
    const std::uint32_t layers = between(1, most_random_layers);
    // Where no line fits any more the list ends.
    constexpr std::uint32_t most_attempts = 200;
    std::uint32_t count = 0;
    for (std::uint32_t attempt = 0; attempt < most_attempts && count < layers; ++attempt) {
        if (append(line())) ++count;
    }
}

/// Dense layers, each with or without norm, activation and dropout, on the body's values or their averages.
void RandomNetwork::append_head() {
    if (chance(0.4)) append("average");
    const std::uint32_t layers = between(1, most_head_layers);
    for (std::uint32_t i = 0; i < layers; ++i) {
        append(fmt::format("dense {}", one_of(random_channels)));
        if (chance(0.5)) append(norm());
        if (chance(0.6)) append(activation());
        if (chance(0.3)) append(dropout());
    }
}

std::string RandomNetwork::line() {
    const double kind = uniform(random_);
    if (kind < 0.4) return conv();
    if (kind < 0.6) return norm();
    if (kind < 0.8) return activation();
    if (repertoire_ == Repertoire::everything) {
        if (kind < 0.86) return dropout();
        if (kind < 0.88) return "average";
    }
    return "add " + one_of(names_);
}

std::string RandomNetwork::conv() {
    const std::uint32_t kernel = one_of(random_kernels);
    const bool valid = kernel % 2 == 0 || chance(0.3);
    return fmt::format("conv {} {}x{}{}{}", one_of(random_channels), kernel, kernel, valid ? " valid" : "",
                       chance(0.2) ? " stride 2" : "");
}

std::string RandomNetwork::norm() {
    std::string text = "norm";
    // One norm after the other cancels all of the first one's γ but for what epsilon leaves of it.
    text += fmt::format(" epsilon {} decay {}", static_cast<float>(0.01 + 0.5 * uniform(random_)),
                        static_cast<float>(0.99 * uniform(random_)));
    if (chance(0.2)) text += " no-center";
    if (chance(0.2)) text += " no-scale";
    return text;
}

std::string RandomNetwork::activation() {
    std::vector<std::string> kinds = {"relu", "leaky_relu", "tanh"};
    if (repertoire_ == Repertoire::everything) kinds.insert(kinds.end(), {"sigmoid", "elu"});
    return one_of(kinds);
}

std::string RandomNetwork::dropout() {
    return "dropout " + one_of<std::string>({"0.3", "0.5", "0.6", "0.8", "1"});
}

bool RandomNetwork::append(const std::string& line) {
    const std::string longer = text_ + "\n" + line;
    try {
        const Network network = parse_network(longer, "random");
        const std::vector<Shape> points = point_shapes(network, shape_);
        const Shape& last = points.back();
        const bool normed = std::holds_alternative<BatchNorm>(network.layers.back());
        if (normed && last.n * last.plane() < least_values_of_norm) return false;
        if (products(network, points) > most_products || values_of_points(points) > most_values) return false;
        names_ = point_names(network);
        result_ = last;
    } catch (const InputError&) {
        return false;
    }
    text_ = longer;
    return true;
}

}  // namespace shadenet::test
