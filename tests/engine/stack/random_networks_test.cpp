// Lists of layers that nobody thought of: what the text may say, the layerwise plan must run.
#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "base/error.h"
#include "check/network_check.h"
#include "device_fixture.h"
#include "model/network_text.h"
#include "model/random.h"

using namespace shadenet;
using namespace shadenet::check;

namespace {

/// As many as run in a minute on two cores without a GPU. SHADENET_NETWORKS=2000 tries more.
constexpr std::uint32_t networks_in_ci = 150;
constexpr std::uint64_t first_seed = 20'260'101;
constexpr std::uint32_t most_random_layers = 12, most_random_channels = 5, most_random_images = 3;
constexpr std::uint32_t least_random_side = 5, most_random_side = 24;
/// Values of a channel that a norm must have. Of two values, normalised ones are −1 and 1, whatever the two
/// are: then gradients are nothing but rounding.
constexpr std::size_t least_values_of_norm = 16;

std::uint32_t networks_to_try() {
    const char* const text = std::getenv("SHADENET_NETWORKS");
    if (text == nullptr) return networks_in_ci;
    const std::string_view digits = text;
    std::uint32_t count = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
    REQUIRE((error == std::errc() && end == digits.data() + digits.size() && count > 0));
    return count;
}

class RandomNetwork {
  public:
    explicit RandomNetwork(std::uint64_t seed) : random_(random_stream(seed, 5)) {
        shape_ = {between(1, most_random_images), between(1, most_random_channels),
                  between(least_random_side, most_random_side), between(least_random_side, most_random_side)};
        text_ = fmt::format("input {}{}", shape_.c, one_of({"", " scale 255", " range -1..1"}));
        const std::uint32_t layers = between(1, most_random_layers);
        for (std::uint32_t count = 0; count < layers;) {
            if (append(line())) ++count;
        }
    }

    const std::string& text() const { return text_; }
    const Shape& shape() const { return shape_; }

  private:
    std::uint32_t between(std::uint32_t low, std::uint32_t high) {
        return low + static_cast<std::uint32_t>(uniform(random_) * (high - low + 1));
    }
    bool chance(double share) { return uniform(random_) < share; }
    std::string one_of(const std::vector<std::string>& choices) {
        return choices[between(0, static_cast<std::uint32_t>(choices.size()) - 1)];
    }

    std::string line() {
        const double kind = uniform(random_);
        if (kind < 0.4) return conv();
        if (kind < 0.6) return norm();
        if (kind < 0.8) return one_of({"relu", "leaky_relu", "tanh"});
        return "add " + one_of(names_);
    }

    std::string conv() {
        const bool valid = chance(0.3);
        const std::uint32_t half = between(0, chance(0.2) ? 5 : 2);
        const std::uint32_t kernel = valid ? between(1, 2 * half + 1) : 2 * half + 1;
        return fmt::format("conv {} {}x{}{}{}", between(1, most_random_channels), kernel, kernel,
                           valid ? " valid" : "", chance(0.15) ? one_of({" stride 2", " stride 3"}) : "");
    }

    std::string norm() {
        std::string text = "norm";
        // One norm after the other cancels all of the first one's γ but for what epsilon leaves of it.
        text += fmt::format(" epsilon {} decay {}", static_cast<float>(0.01 + 0.5 * uniform(random_)),
                            static_cast<float>(0.99 * uniform(random_)));
        if (chance(0.2)) text += " no-center";
        if (chance(0.2)) text += " no-scale";
        return text;
    }

    /// False where the line fits neither the text nor the pictures.
    bool append(const std::string& line) {
        const std::string longer = text_ + "\n" + line;
        try {
            const Network network = parse_network(longer, "random");
            const Shape& last = point_shapes(network, shape_).back();
            const bool normed = std::holds_alternative<BatchNorm>(network.layers.back());
            if (normed && last.n * last.plane() < least_values_of_norm) return false;
            names_ = point_names(network);
        } catch (const InputError&) {
            return false;
        }
        text_ = longer;
        return true;
    }

    std::mt19937_64 random_;
    std::string text_;
    Shape shape_;
    std::vector<std::string> names_ = {"input"};
};

}  // namespace

TEST_CASE_METHOD(DeviceFixture,
                 "layerwise: random lists of layers are as in float64, and their texts round") {
    const std::uint32_t count = networks_to_try();
    std::uint32_t skips = 0, strides = 0, norms = 0, doubled = 0;
    for (std::uint64_t seed = first_seed; seed < first_seed + count; ++seed) {
        const RandomNetwork made(seed);
        CAPTURE(seed, made.text());
        const Network network = parse_network(made.text(), "random");
        const std::string canonical = to_text(network);
        CHECK(parse_network(canonical, "canonical") == network);
        CHECK(to_text(parse_network(canonical, "canonical")) == canonical);
        require_passed(check_network(device, {"random", network, made.shape(), seed}));

        bool after_norm = false;
        for (const Layer& layer : network.layers) {
            const auto* conv = std::get_if<Conv>(&layer);
            const bool norm = std::holds_alternative<BatchNorm>(layer);
            skips += std::holds_alternative<Skip>(layer);
            strides += conv != nullptr && conv->stride > 1;
            norms += norm;
            doubled += norm && after_norm;
            after_norm = norm;
        }
    }
    // Otherwise the lists are not what this test is for.
    CHECK(skips > count / 4);
    CHECK(strides > count / 10);
    CHECK(norms > count / 2);
    CHECK(doubled > count / 20);
}
